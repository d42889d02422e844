"""Several workers, each a process of its own on this machine; how devices are chosen and told."""

import json
import os
import py_compile
import runpy
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from gan_tutorial.training import Runtime, list_checkpoints
from gan_tutorial.training.distribution import _cluster

CLUSTER = Path(__file__).resolve().parents[1] / "examples" / "cluster"
LAUNCHER = CLUSTER / "local_workers.py"
environments = runpy.run_path(str(LAUNCHER))["environments"]


def can_listen():
    try:
        socket.create_server(("localhost", 0)).close()
    except OSError:
        return False
    return True


needs_ports = pytest.mark.skipif(not can_listen(), reason="needs ports on localhost, and none can be opened")

#: What each worker runs: `sys.argv` has where to put results, which trainings, and the folder of checkpoints.
WORKER = """
import sys, time, numpy as np
from gan_tutorial import quiet
quiet.set_environment()
quiet.import_tensorflow()
import tensorflow as tf
import gan_tutorial as gt
out, names, checkpoints = sys.argv[1:]
print(gt.Runtime().describe())
rng = np.random.default_rng(0)
images = {"image": rng.uniform(-1, 1, (64, 16, 16, 1)).astype("float32"), "label": rng.integers(0, 3, 64)}
quiet_options = dict(batch_size=8, steps_per_call=5, progress=False)
shapes = []

def networks():
    shared = dict(image_shape=(16, 16, 1), num_classes=3, width=4)
    return gt.build_generator(8, **shared), gt.build_discriminator(**shared)

def small():
    return gt.models.build_points_generator(width=4), gt.models.build_points_discriminator(width=4)

def look(report):
    shapes.append(gt.generate_images(report.generator, 5).shape)

def array():
    models = networks()
    rates = dict(generator_learning_rate=1e-4, discriminator_learning_rate=1e-4)
    return models, gt.train_cgan(*models, images, steps=6, callbacks=[look], r1=0.5, **rates, **quiet_options)

def stream():
    models, ring = small(), gt.load_dataset("ring").images
    batches = tf.data.Dataset.from_tensor_slices({"image": ring}).shuffle(100, seed=1).batch(8)
    return models, gt.train(*models, batches, steps=10, **quiet_options)

def stopped():
    models = small()
    stop = lambda report: report.step == 10
    return models, gt.train(*models, gt.load_dataset("ring"), steps=100, callbacks=[stop], **quiet_options)

def points(steps=100, **options):
    models = small()
    return models, gt.train(*models, gt.load_dataset("ring"), steps=steps, **options, **quiet_options)

def endless():
    wait = lambda report: time.sleep(0.1)
    return points(10**6, checkpoints=checkpoints, checkpoint_every=5, callbacks=[wait])

def resumed():
    return points(checkpoints=checkpoints, resume=True)

found = {}
for name in names.split(","):
    models, result = globals()[name]()
    weights = [w.ravel() for model in (*models, result.generator) for w in model.get_weights()]
    found |= {f"{name} weights": np.concatenate(weights), f"{name} loss": result.history["discriminator_loss"]}
    found[f"{name} step"] = result.step
np.savez(out, shapes=shapes, **found)
"""


def start(folder, names, environment, number=0):
    command = [sys.executable, "-c", WORKER, str(folder / f"{names}{number}.npz"), names, str(folder / "checkpoints")]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def start_two(folder, names):
    return [start(folder, names, environment, i) for i, environment in enumerate(environments(2))]


def results(folder, names, processes):
    texts = [process.communicate(timeout=400) for process in processes]
    assert not any(process.returncode for process in processes), texts
    return [dict(np.load(folder / f"{names}{i}.npz")) for i in range(len(processes))], [text[0] for text in texts]


@needs_ports
@pytest.mark.slow
def test_two_workers_follow_one_process_and_outlive_a_kill(tmp_path):
    """Equal losses and weights; one killed, the other says so and stops, and both go on exactly as if unbroken."""
    names = "array,stream,stopped,points"
    (one,), (told,) = results(tmp_path, names, [start(tmp_path, names, {**os.environ, "CUDA_VISIBLE_DEVICES": ""})])
    assert told.startswith("one CPU (TensorFlow sees no GPU); float32; without XLA")
    (chief, other), texts = results(tmp_path, names, start_two(tmp_path, names))
    assert texts[1].startswith("2 CPUs share each batch (TF_CONFIG names 2 workers, this is number 1)")
    for name in names.split(","):
        for worker in (chief, other):
            np.testing.assert_allclose(worker[f"{name} loss"], one[f"{name} loss"], rtol=1e-3, err_msg=name)
            # Where a gradient is nearly zero, Adam's sign may turn by rounding.
            assert np.mean(np.abs(worker[f"{name} weights"] - one[f"{name} weights"]) < 1e-4) > 0.95, name
        assert np.array_equal(chief[f"{name} weights"], other[f"{name} weights"])
    # The chief decides when to stop; it alone calls callbacks, and generates by itself.
    assert chief["stopped step"] == other["stopped step"] == 10
    assert chief["shapes"].tolist() == [[5, 16, 16, 1]] * 2 and not len(other["shapes"])

    first, second = start_two(tmp_path, "endless")
    try:
        while first.poll() is None and not list_checkpoints(tmp_path / "checkpoints"):
            time.sleep(0.05)
        second.kill()
        killed = time.monotonic()
        message = first.communicate(timeout=60)[1]
        print(f"the other one stopped after {time.monotonic() - killed:.1f} s")
    finally:
        for process in (first, second):
            process.kill()
    assert first.returncode and "ConnectionError: worker 0 stopped because it lost worker 1" in message, message
    reached = int(list_checkpoints(tmp_path / "checkpoints")[-1].name[-8:])
    assert 0 < reached < 100
    (again, _), _ = results(tmp_path, "resumed", start_two(tmp_path, "resumed"))
    assert np.array_equal(again["resumed weights"], chief["points weights"]), reached


@needs_ports
@pytest.mark.slow
def test_launcher_trains_with_two_workers_and_the_chief_writes(tmp_path):
    from PIL import Image

    rng, photos, out = np.random.default_rng(0), tmp_path / "photos", tmp_path / "run"
    photos.mkdir()
    for i in range(16):
        Image.fromarray(rng.integers(0, 255, (16, 16, 3), dtype=np.uint8)).save(photos / f"{i}.png")
    train = [sys.executable, "-m", "gan_tutorial", "train", "--data", photos, "--size", 16, "--width", 4]
    train += ["--batch-size", 8, "--steps", 4, "--out", out]
    done = subprocess.run(
        [*map(str, [sys.executable, LAUNCHER, 2, *train])], capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Training on 2 CPUs share") == 2 and done.stdout.count("Pictures:") == 1
    assert [path.name for path in list_checkpoints(out / "checkpoints")] == ["step_00000004"]
    assert {"run.json", "generator.npz", "history.csv", "training.webp"} < {path.name for path in out.iterdir()}


def test_slurm_names_workers_in_its_own_order(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert _cluster() is None
    step = {
        "JOB_ID": "5003",
        "PROCID": "3",
        "STEP_NUM_TASKS": "4",
        "STEP_NODELIST": "n[9-10]",
        "STEP_TASKS_PER_NODE": "2(x2)",
    }
    for name, value in step.items():
        monkeypatch.setenv(f"SLURM_{name}", value)
    assert _cluster() == ("Slurm", ("n9:12048", "n9:12049", "n10:12048", "n10:12049"), 3)
    # Outside of `srun` there is one task.
    monkeypatch.delenv("SLURM_STEP_NUM_TASKS")
    assert _cluster() is None


def test_tf_config_names_workers(monkeypatch):
    def given(**content):
        monkeypatch.setenv("TF_CONFIG", json.dumps(content))
        return _cluster()

    assert given() is None and given(cluster={"worker": ["a:1"]}, task={"type": "worker", "index": 0}) is None
    two = {"chief": ["a:1"], "worker": ["b:1"]}
    assert given(cluster=two, task={"type": "worker", "index": 0}) == ("TF_CONFIG", ("a:1", "b:1"), 1)
    with pytest.raises(ValueError, match="workers use all devices they see"):
        Runtime(devices=("CPU:0",)).strategy()
    tf.constant(0)  # TensorFlow has computed in this process already
    with pytest.raises(RuntimeError, match=r"call Runtime\(\).describe\(\) first"):
        Runtime().strategy()
    monkeypatch.setenv("TF_CONFIG", "worker 0")
    with pytest.raises(ValueError, match="TF_CONFIG is not JSON"):
        Runtime().describe()


def test_what_was_chosen_is_told_in_a_line():
    assert Runtime(devices=("CPU:0",), mixed_precision=True).describe() == "one CPU (named); bfloat16; without XLA"


def test_scripts_for_clusters_can_be_read(tmp_path):
    for script in CLUSTER.glob("*.py"):
        py_compile.compile(str(script), cfile=str(tmp_path / "compiled"), doraise=True)
    if bash := shutil.which("bash"):
        subprocess.run([bash, "-n", CLUSTER / "slurm.sh"], check=True)
    yaml = pytest.importorskip("yaml")
    service, job = yaml.safe_load_all((CLUSTER / "kubernetes.yaml").read_text())
    pod = job["spec"]["template"]["spec"]
    assert pod["subdomain"] == service["metadata"]["name"] and job["spec"]["completionMode"] == "Indexed"
    (command,) = pod["containers"][0]["args"]
    if bash:
        shown = command.replace("exec gan-tutorial", 'echo "$TF_CONFIG";exit 0; exec gan-tutorial')
        env = {**os.environ, "JOB_COMPLETION_INDEX": "1"}
        printed = subprocess.run([bash, "-c", shown], env=env, capture_output=True, text=True, check=True).stdout
        config = json.loads(printed)
        assert config["task"]["index"] == 1 and len(config["cluster"]["worker"]) == job["spec"]["completions"]
