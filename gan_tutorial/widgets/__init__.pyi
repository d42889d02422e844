from .benches import Bench as Bench, bench as bench
from .damage import metric_bench as metric_bench
from .exploration import (
    MeasuredDirection as MeasuredDirection,
    explorer as explorer,
    measured_directions as measured_directions,
    mix_categories as mix_categories,
    principal_directions as principal_directions,
)
from .failure_lab import FailureLab as FailureLab, failure_lab as failure_lab
from .forensics import detector_threshold as detector_threshold, watermark_strength as watermark_strength
from .game import Playground as Playground, playground as playground
from .latent_benches import blend as blend, steering as steering
from .lessons import bells as bells, saturation as saturation, what_moves as what_moves
from .live import live_landscape as live_landscape, live_pictures as live_pictures
from .monitoring import Monitor as Monitor, monitor as monitor
from .real_or_fake import RealOrFake as RealOrFake
from .sample_size import sample_size as sample_size
from .translation_lab import style_lab as style_lab, translation_lab as translation_lab
