"""The H.264 encoders that may be configured, and how each is told the same wishes."""

SOFTWARE = "libx264"
QUALITY = "23"
# The most frames that Quick Sync can count.
NEVER = "65535"
SLOWNESS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow")


class EncoderFailed(Exception):
    """A hardware encoder is absent or gave up: libx264 does it then."""


def pixels_for(encoder: str) -> str:
    return "nv12" if encoder == "h264_qsv" else "yuv420p"


def options_for(encoder: str, *, preset: str, peak_rate: int) -> dict[str, str]:
    """Keyframes come only where they are asked for, so that the segments of all rungs begin together."""
    bounds = {"maxrate": str(peak_rate), "bufsize": str(peak_rate), "profile": "high", "g": NEVER}
    usual_rate = str(round(peak_rate * 0.7))
    if encoder == "h264_nvenc":
        speed = f"p{SLOWNESS.index(preset) + 1}"
        return bounds | {"preset": speed, "rc": "vbr", "cq": QUALITY, "forced-idr": "1", "no-scenecut": "1", "b": "0"}
    if encoder == "h264_qsv":
        speed = "veryfast" if preset in SLOWNESS[:3] else preset
        # Bounded quality wants a rate to aim at, too.
        return bounds | {"preset": speed, "global_quality": QUALITY, "b": usual_rate, "forced_idr": "1"}
    if encoder == "h264_videotoolbox":
        return bounds | {"b": usual_rate, "realtime": "0"}
    return bounds | {"preset": preset, "crf": QUALITY, "forced-idr": "1", "sc_threshold": "0"}


def failure_of(encoder: str, error: Exception) -> Exception:
    """What a hardware encoder says is no fault of the file."""
    return error if encoder == SOFTWARE else EncoderFailed(f"{encoder}: {error}")
