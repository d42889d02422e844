"""An algorithm of your own: WGAN-div (Wu et al. 2018, arXiv:1712.01026), which the package does not ship.

    python examples/wgan_div.py

A step says which networks there are, who moves them, and each player's loss
for a batch. The loop, checkpoints, exact resume, several devices, reports and
the progress bar come from `Trainer`.
"""

import keras
import tensorflow as tf

import gan_tutorial as gt


class WGANDiv(gt.Step):
    """Wasserstein divergence: the critic's gradient is penalized by k |∇D|^p between real and generated samples."""

    def __init__(self, generator, critic, k=2.0, p=6, learning_rate=1e-3):
        self.k, self.p = k, p
        self.networks = {"generator": generator, "critic": critic}
        self.players = {
            "critic": gt.Player(("critic",), keras.optimizers.Adam(learning_rate, 0.0, 0.9), updates=4),
            "generator": gt.Player(("generator",), keras.optimizers.Adam(learning_rate, 0.0, 0.9)),
        }

    def random_inputs(self, random):
        latent_dim = self.networks["generator"].inputs[0].shape[-1]
        return {"noise": random.normal((latent_dim,)), "mix": random.uniform(stream=1)}

    def losses(self, batch, step):
        generator, critic = self.networks["generator"], self.networks["critic"]
        real, fake = batch["image"], generator(batch["noise"], training=True)
        gap = tf.reduce_mean(critic(real)) - tf.reduce_mean(critic(fake))
        mix = tf.reshape(batch["mix"], [-1, *[1] * (real.shape.rank - 1)])
        between = tf.stop_gradient(real + mix * (fake - real))
        with tf.GradientTape() as tape:
            tape.watch(between)
            output = critic(between)
        slope = tf.norm(tf.reshape(tape.gradient(output, between), [len(real), -1]), axis=1)
        penalty = self.k * tf.reduce_mean(slope**self.p)
        return {"critic": penalty - gap, "generator": -tf.reduce_mean(critic(fake))}, {"critic_gap": gap}


if __name__ == "__main__":
    ring = gt.load_dataset("ring")
    step = WGANDiv(gt.models.build_points_generator(), gt.models.build_points_discriminator())
    result = gt.Trainer(step, ring, steps=3000, batch_size=256).fit()
    modes, quality = gt.metrics.modes_covered(gt.generate_images(result.generator, 2000, seed=0), "ring")
    print(f"{modes} of 8 modes covered, {quality:.0%} of the points on target")
