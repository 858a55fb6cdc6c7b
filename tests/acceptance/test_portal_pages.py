"""The portal in a real browser: every page, in both languages, on a desk and on a telephone, without any script.

It needs a Chromium with Chinese fonts (`apt-get install chromium fonts-noto-cjk`, or one that `BANJIE_TEST_CHROMIUM`
names) and fails without one: what nobody has looked at is not known to work.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from tests.acceptance.stumbling import faults
from tests.integration.transfers import Transfers
from workflow.domain.publication import SLIP_CODE
from workflow.storage import tables as t
from workflow.storage.schema import upgrade
from workflow.storage.store import open_store
from workflow.testing.quotas import allot_samples
from workflow.testing.waiting import wait_until

START = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
PATIENCE = 60.0

PAGES = {
    "home": "/",
    "matters": "/matters",
    "transfer": "/matters/transfer-into-beijing",
    "licence": "/matters/talent-agency-licence",
    "look-up": "/cases",
    "notices": "/notices",
    "statistics": "/statistics",
    "missing": "/no-such-page",
}
LANGUAGES = ("zh-CN", "en")
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with cases in many states, on a clock that stands still."""
    folder = tmp_path_factory.mktemp("portal")
    store = open_store(f"sqlite:///{folder / 'banjie.db'}")
    upgrade(store.engine)
    allot_samples(store.engine)
    store.create_clock("stepped", START)
    walk(Transfers(store))
    store.close()
    return folder


def walk(transfers: Transfers) -> None:
    """Cases 1 to 4: on public notice, waiting for supplements, archived, and late from the first step on."""
    archived = transfers.file("archived", name="欧阳静")
    transfers.to_the_archive(archived, letter="水人函〔2026〕5号")
    transfers.file("late", name="阿依古丽·买买提")
    transfers.days(8)
    asked = transfers.file("asked", name="李㛃")
    for person, action, fields in (
        ("pan-haiyan", "endorse", {"text": "可"}),
        ("jiang-yuanbo", "approve_report", {}),
        ("shui-qingqing", "report_up", {"letter": "水人函〔2026〕9号", "signer": "江远波"}),
        ("lin-xiaotang", "request_supplement", {"defects": ["appraisal"]}),
    ):
        transfers.act(asked, person, action, **fields)
    for number in range(3):
        transfers.to_the_notice(transfers.file(f"noticed-{number}", name="尉迟安澜"))


@pytest.fixture(scope="module")
def slips(home: Path) -> dict[str, tuple[str, str]]:
    """Number and query code of a case by the state it is in."""
    store = open_store(f"sqlite:///{home / 'banjie.db'}")
    query = select(t.cases.c.state, t.cases.c.no, t.personal_values.c.value).join(
        t.personal_values, t.personal_values.c.case_id == t.cases.c.id
    )
    with store.read() as connection:
        rows = connection.execute(query.where(t.personal_values.c.field == SLIP_CODE)).all()
    store.close()
    return {state: (no, code) for state, no, code in rows}


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    """Where a portal of this test's own serves that installation."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if not name.startswith("BANJIE_")}
    command = [sys.executable, "-m", "uvicorn", "portal.app:app", "--factory", "--port", str(port)]
    log = home / "portal.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env={**env, "BANJIE_HOME": str(home)}, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        wait_until(lambda: ready(process, port, log), PATIENCE, every=0.1, what="the portal to be ready")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def ready(process: subprocess.Popen[bytes], port: int, log: Path) -> bool:
    if process.poll() is not None:
        pytest.fail(f"the portal ended at once:\n{log.read_text('utf-8')}")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as refused:
        pytest.fail(f"the portal is not ready: {refused.read().decode()}")
    except OSError:
        return False


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; root in a container needs --no-sandbox."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("BANJIE_TEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("no Chromium here: apt-get install chromium fonts-noto-cjk, or set BANJIE_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(params=[(lang, width) for lang in LANGUAGES for width in WIDTHS], ids=str)
def reader(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A page in a browser that runs no script, in each language and width; what it complains of fails the test."""
    lang, width = request.param
    context = browser.new_context(
        base_url=address, locale=lang, viewport={"width": width, "height": 900}, java_script_enabled=False
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    # What a page was still loading when a test left it was given up by the browser, not refused by the portal.
    page.on(
        "requestfailed",
        lambda failed: complaints.append(failed.url) if failed.failure != "net::ERR_ABORTED" else None,
    )
    page.lang = lang  # type: ignore[attr-defined]
    yield page
    context.close()
    # A page that is not there, or a case that is not opened, is told as such in the console too.
    assert [text for text in complaints if "responded with a status of 4" not in text] == []


def look_up(page: Page, no: str, code: str) -> None:
    """As a reader does: type both, press the button."""
    page.goto("/cases")
    page.get_by_label({"zh-CN": "办件编号", "en": "Case number"}[page.lang]).fill(no)  # type: ignore[attr-defined]
    page.get_by_label({"zh-CN": "查询码", "en": "Query code"}[page.lang]).fill(code)  # type: ignore[attr-defined]
    page.get_by_role("button", name={"zh-CN": "查询", "en": "Look up"}[page.lang], exact=True).click()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read(reader, name):
    reader.goto(PAGES[name])

    assert reader.evaluate("document.documentElement.lang") == reader.lang
    assert faults(reader) == []


def test_a_case_is_looked_up_by_its_slip_in_every_state(reader, slips):
    assert {"publicity", "supplement", "archived", "internal_review"} <= set(slips)
    for state, (no, code) in slips.items():
        look_up(reader, no, code)

        assert reader.get_by_text(no, exact=True).first.is_visible(), state
        assert code not in reader.url
        assert faults(reader) == [], state


def test_the_other_language_is_one_press_away_and_keeps_the_case(reader, slips):
    no, code = slips["publicity"]
    look_up(reader, no, code)
    other = "en" if reader.lang == "zh-CN" else "zh-CN"

    reader.locator(".language button").click()

    # The press leads to another document: whoever looks too soon sees neither.
    reader.wait_for_selector(f'html[lang="{other}"] body', state="attached")
    reader.wait_for_load_state()
    assert reader.get_by_text(no, exact=True).first.is_visible()
    reader.goto("/")
    assert reader.evaluate("document.documentElement.lang") == other


def test_the_slip_is_printed_on_one_page(reader, slips):
    no, code = slips["publicity"]
    look_up(reader, no, code)
    reader.locator(".actions button").click()

    assert reader.get_by_text(code, exact=True).is_visible()
    assert reader.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert reader.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_a_wrong_code_and_an_empty_form_are_told_beside_the_form(reader, slips):
    no, _ = slips["publicity"]
    look_up(reader, no, "ABCDEFGHJK")
    assert reader.get_by_role("alert").is_visible()
    assert reader.locator("#no").input_value() == no
    assert reader.locator("#code").input_value() == ""
    assert faults(reader) == []

    look_up(reader, "", "")
    reader.get_by_role("alert").get_by_role("link").first.click()
    assert reader.evaluate("document.activeElement.id") == "no"
    assert faults(reader) == []


def test_the_keyboard_reaches_the_content_first(reader):
    reader.goto("/notices")
    reader.keyboard.press("Tab")
    assert reader.evaluate("document.activeElement.getAttribute('href')") == "#main"
    reader.keyboard.press("Enter")
    assert reader.evaluate("document.activeElement.id") == "main"


def test_on_public_notice_stand_the_names_that_one_may_object_to(reader):
    reader.goto("/notices")

    assert reader.get_by_text("尉迟安澜").count() == 3


def test_each_look_finds_its_fault_and_only_that(browser):
    page = browser.new_page(viewport={"width": 390, "height": 900})
    sound = '<html lang="{}"><body><main><h1>{}</h1>{}</main></body></html>'

    def found(lang, heading, rest):
        page.set_content(sound.format(lang, heading, rest))
        return [fault.partition(":")[0] for fault in faults(page)]

    assert found("en", "Sound", "<p>All is well</p>") == []
    assert found("en", "Wide", '<p style="width: 900px">.</p>') == ["sticks out", "sticks out"]
    assert found("en", "Faint", '<p style="color: #aaa">hardly to be read</p>') == ["faint"]
    assert found("en", "公示", "") == ["not in en"]
    assert found("en", "Slip (人事服务单)", "") == []
    assert found("zh-CN", "公示", '<p class="note">not translated</p>') == ["not in zh-CN"]
    assert found("zh-CN", "公示", "<h1>再来一个</h1>") == ["not one heading"]
    page.close()
