"""The pure parts: ladder, languages, clock, cues, charsets."""

import pytest

from lms_box.media.captions import block_cues, read_cues
from lms_box.media.captions_inside import ass_text, cue_text
from lms_box.media.charset import decode_text
from lms_box.media.clock import Clock
from lms_box.media.cues import Cue, marked_up, timestamp, webvtt
from lms_box.media.ladder import rungs_for
from lms_box.media.languages import find_language, language_in_name, language_label


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1920, 1080), [("1080p", 1920, 1080), ("720p", 1280, 720), ("480p", 852, 480)]),
        ((1080, 1920), [("1080p", 1080, 1920), ("720p", 720, 1280), ("480p", 480, 852)]),
        ((3840, 2160), [("1080p", 1920, 1080), ("720p", 1280, 720), ("480p", 852, 480)]),
        ((1704, 960), [("720p", 1278, 720), ("480p", 852, 480)]),
        ((641, 361), [("360p", 640, 360)]),
        ((10, 12), [("16p", 16, 16)]),
    ],
)
def test_ladder(size: tuple[int, int], expected: list[tuple[str, int, int]]) -> None:
    assert [(rung.name, rung.width, rung.height) for rung in rungs_for(*size)] == expected


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("x.en.vtt", "en"),
        ("x_en.srt", "en"),
        ("x English.srt", "en"),
        ("x.pt-BR.srt", "pt-BR"),
        ("x.zh_hant.srt", "zh-Hant"),
        ("001 Elephants Dream.captions.ja.vtt", "ja"),
        ("lecture.srt", None),
        ("eng.srt", "en"),
    ],
)
def test_language_of_a_name(name: str, tag: str | None) -> None:
    assert language_in_name(name) == tag


def test_languages_are_shown_by_name() -> None:
    assert language_label("de") == "Deutsch"
    assert language_label("pt-BR") == "Português (BR)"
    assert language_label("und") == "Captions"
    assert find_language("ger") == find_language("Deutsch") == "de"
    assert find_language("klingon") is None


def test_clock_closes_leaps_and_never_goes_back() -> None:
    clock = Clock(10.0, step=0.04)
    assert clock.at(9.0) is None
    assert clock.at(10.0) == 0.0
    assert clock.at(10.5) == pytest.approx(0.5)
    assert clock.at(10.4) is None
    assert clock.at(None) == pytest.approx(0.54)
    assert clock.at(100_000.0) == pytest.approx(0.58)
    assert clock.at(100_000.04) == pytest.approx(0.62)
    assert clock.at(5.0) == pytest.approx(0.66)


def test_webvtt_is_whole_and_harmless() -> None:
    text = webvtt([Cue(2, 3, "later"), Cue(0, 1.5, "a\n\nb --> c"), Cue(5, 4, "backwards")])
    assert text == "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\na\nb --&gt; c\n\n00:00:02.000 --> 00:00:03.000\nlater\n"
    assert webvtt([Cue(1, 2, "x")], clock="A=B") == "WEBVTT\nA=B\n\n00:00:01.000 --> 00:00:02.000\nx\n"
    assert timestamp(3661.0005) == "01:01:01.000"
    assert marked_up("<i>a</i> & <b>b</b> &amp; <script>") == "<i>a</i> &amp; <b>b</b> &amp; &lt;script&gt;"


def test_blocks_of_every_dialect() -> None:
    srt = "1\r\n00:00:01,000 --> 00:00:02,500\r\n<font color=red>Hi</font>\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nYou"
    vtt = "WEBVTT\n\nNOTE no\n\nSTYLE\n::cue {}\n\nid\n01:02.5 --> 01:03.000 align:start evil:yes\nHi"
    sbv = "0:00:01.000,0:00:02.000\nHi[br]you\n"
    assert block_cues(srt) == [Cue(1, 2.5, "Hi"), Cue(3, 4, "You")]
    assert block_cues(vtt) == [Cue(62.5, 63, "Hi", "align:start")]
    assert block_cues(sbv) == [Cue(1, 2, "Hi\nyou")]
    assert read_cues("{24}{48}A|B", ".sub")[0].text == "A\nB"
    assert block_cues("no times at all") == []


def test_text_inside_recordings() -> None:
    assert ass_text(r"{\i1}One{\i0}\Ntwo & three") == "One\ntwo &amp; three"
    assert ass_text(r"{\p1}m 0 0 l 1 1") == ""
    assert cue_text(b"\0\x03abcd", "mov_text") == "abc"
    assert cue_text(b"0,0,Default,,0,0,0,,Hi, you", "ass") == "Hi, you"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Größe, naïve, café: ligne trois", "cp1252"),
        ("Добро пожаловать на курс, сегодня мы изучаем", "cp1251"),
        ("コースへようこそ。今日はアルゴリズムを学びます。", "shift_jis"),
        ("Größe", "utf-8-sig"),
        ("Größe", "utf-16"),
    ],
)
def test_charsets(text: str, charset: str) -> None:
    assert decode_text(text.encode(charset)) == text
