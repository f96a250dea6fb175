"""Course covers and other pictures, made small and safe to show."""

from lms_box.media.building import Say
from lms_box.media.image import POSTER_BOX, open_picture, save_webp
from lms_box.media.messages import Build, Built

CARD_BOX = (800, 600)


def build_picture(request: Build, say: Say) -> Built:
    say(0.1, "reading")
    picture = open_picture(request.source)
    save_webp(picture, request.into / "card.webp", box=CARD_BOX)
    save_webp(picture, request.into / "poster.webp", box=POSTER_BOX)
    return Built(card="card.webp", poster="poster.webp", metadata={"width": picture.width, "height": picture.height})
