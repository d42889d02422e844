from . import (
    course as course,
    data as data,
    diagnostics as diagnostics,
    evaluation as evaluation,
    experiments as experiments,
    export as export,
    files as files,
    losses as losses,
    metrics as metrics,
    models as models,
    network as network,
    noise as noise,
    plots as plots,
    presets as presets,
    pretrained as pretrained,
    quiet as quiet,
    runs as runs,
    sampling as sampling,
    training as training,
    widgets as widgets,
)
from .data import (
    DATASETS as DATASETS,
    Dataset as Dataset,
    load_dataset as load_dataset,
    register_dataset as register_dataset,
)
from .diagnostics import check_gan_step as check_gan_step
from .evaluation import METRICS as METRICS, evaluate as evaluate, register_metric as register_metric
from .losses import LOSSES as LOSSES, Loss as Loss
from .models import build_discriminator as build_discriminator, build_generator as build_generator
from .plots import display_images as display_images, plot_history as plot_history, save_images as save_images
from .presets import PRESETS as PRESETS, Preset as Preset, get_preset as get_preset
from .pretrained import (
    ModelCard as ModelCard,
    list_pretrained as list_pretrained,
    load_model as load_model,
    load_pretrained as load_pretrained,
    save_model as save_model,
)
from .sampling import generate_images as generate_images, generate_noise as generate_noise, interpolate as interpolate
from .training import (
    Player as Player,
    Runtime as Runtime,
    Step as Step,
    Trainer as Trainer,
    train as train,
    train_cgan as train_cgan,
    train_pix2pix as train_pix2pix,
    train_vae as train_vae,
    train_vae_gan as train_vae_gan,
)
from .widgets import explorer as explorer

__version__: str
