"""Graph and widgets light each other; the address brings everything back; the keyboard is enough."""

from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import Page, Request, expect

from inspectree.server import Store
from tests.dashboard.browser.panels import until, with_widgets

Opened = Callable[..., Page]

LOW = {"width": 1280, "height": 640}


def test_hovering_a_unit_lights_its_widget_and_the_reverse(
    opened: Opened, address: str, store: Store
) -> None:
    model = store["digits_conv"].id
    kernel = f"{model}/conv_1/kernel"
    page = opened(with_widgets(address, ("kernel_images", kernel), at=model, level="L2"))
    card, unit = page.locator(f'.card[data-uoa="{kernel}"]'), page.locator(f'.pictogram[data-uoa="{kernel}"]')
    expect(card.locator("img").first).to_be_visible()
    unit.hover()
    expect(card).to_have_class("card linked")
    page.mouse.move(5, 5)
    expect(card).not_to_have_class("card linked")
    card.locator(".caption").hover()
    expect(unit).to_have_class("pictogram weights linked")


def test_a_model_s_widget_does_not_light_all_of_its_drawing(
    opened: Opened, address: str, store: Store
) -> None:
    model = store["digits_conv"].id
    widgets = ("model_summary", model), ("kernel_images", f"{model}/conv_1/kernel")
    page = opened(with_widgets(address, *widgets, at=model, level="L2"))
    expect(page.locator(".node.layer").first).to_be_visible()
    page.locator(f'.card[data-uoa="{model}"] .card-title').hover()
    expect(page.locator(f'.card.linked[data-uoa="{model}"]')).to_have_count(1)
    expect(page.locator(f'.card.linked[data-uoa="{model}/conv_1/kernel"]')).to_have_count(1)
    expect(page.locator(".node.linked")).to_have_count(0)


def test_what_takes_longer_is_asked_for_when_the_drawing_is_there(
    opened: Opened, address: str, store: Store
) -> None:
    """What changed along the edges, places and measures don't keep it waiting."""
    page = opened(address)
    expect(page.locator(".node.model").first).to_be_visible()
    happened: list[str] = []

    def named(request: Request) -> str:
        return str((request.post_data_json or {}).get("output", "")) if "update" in request.url else ""

    page.on("request", lambda request: happened.append(f"asked {named(request)}"))
    page.on("requestfinished", lambda request: happened.append(f"answered {named(request)}"))
    page.locator(f'.node.model[data-uoa="{store["digits_conv"].id}"]').dblclick()
    expect(page.locator(".node.layer").first).to_be_visible()
    until(page, lambda: any("answered" in each and "localisation" in each for each in happened))
    del happened[: happened.index(next(each for each in happened if "asked ..graph.graph" in each))]
    drawn = next(place for place, each in enumerate(happened) if "answered ..graph.graph" in each)
    for later in ("graph.changes", "localisation.content", "interestingness.content"):
        assert drawn < next(place for place, each in enumerate(happened) if f"asked ..{later}" in each)


def test_the_locate_button_leads_to_the_unit(opened: Opened, address: str, store: Store) -> None:
    """From the models down to the layer that a widget is of."""
    model = store["digits_conv"].id
    page = opened(with_widgets(address, ("histogram", f"{model}/conv_2")))
    page.locator(".card").get_by_label("Show its unit").click()
    expect(page.locator(f'.node.layer.selected[data-uoa="{model}/conv_2"]')).to_be_visible()


def test_a_unit_that_was_gone_to_stays_in_sight(opened: Opened, address: str, store: Store) -> None:
    """Also when the window becomes another, until one looks elsewhere by hand."""
    uoa = f"{store['digits_conv'].id}/output"
    page = opened(f"{address}#level=L2&at={store['digits_conv'].id}&selected={uoa}", viewport=LOW)
    unit = page.locator(f'.node.layer.selected[data-uoa="{uoa}"]')
    expect(unit).to_be_in_viewport(ratio=0.5)
    page.set_viewport_size({"width": 1280, "height": 560})
    expect(unit).to_be_in_viewport(ratio=0.5)
    expect(page.locator(".node.layer").first).not_to_be_in_viewport()


def test_the_address_brings_the_view_back(opened: Opened, address: str, store: Store) -> None:
    model = store["digits_conv"].id
    page = opened(address)
    page.locator(f'.node.model[data-uoa="{model}"]').dblclick()
    page.locator('[data-class="three"]').click()
    expect(page.locator('[data-class="three"][aria-pressed="false"]')).to_have_count(1)
    page.wait_for_function("location.hash.includes('off')")
    again = opened(page.url)
    expect(again.locator(f'.node.layer[data-uoa="{model}/conv_1"]')).to_be_visible()
    expect(again.locator('[data-class="three"][aria-pressed="false"]')).to_have_count(1)


def test_the_keyboard_leads_down_and_up(opened: Opened, address: str, store: Store) -> None:
    model = store["digits_conv"].id
    page = opened(address)
    page.locator(f'.node.model[data-uoa="{model}"]').focus()
    page.keyboard.press("Enter")
    layer = page.locator(f'.node.layer[data-uoa="{model}/conv_2"]')
    layer.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".node.neuron").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(layer).to_be_visible()


def test_a_drawing_that_is_awaited_is_said_to_be_busy(opened: Opened, address: str, store: Store) -> None:
    """A line runs along its top, but not for what is there at once."""
    page = opened(address)
    page.wait_for_selector(".node.model")
    page.evaluate("""window.told = [];
      const view = document.querySelector('.graph-view');
      const late = () => getComputedStyle(view, '::after').animationDelay;
      new MutationObserver(() => window.told.push([view.ariaBusy, late()]))
        .observe(view, { attributeFilter: ['aria-busy'] })""")
    page.locator(f'.node.model[data-uoa="{store["digits_conv"].id}"]').dblclick()
    expect(page.locator(".node.layer").first).to_be_visible()
    until(page, lambda: page.evaluate("window.told.length") >= 2)
    assert page.evaluate("window.told")[0] == ["true", "0.3s, 0.3s"]
    expect(page.locator(".graph-view")).to_have_attribute("aria-busy", "false")


def test_escape_leads_up_after_a_double_click(opened: Opened, address: str, store: Store) -> None:
    model = store["digits_conv"].id
    page = opened(f"{address}#{urlencode({'at': model, 'level': 'L2'})}")
    layer = page.locator(f'.node.layer[data-uoa="{model}/conv_2"]')
    layer.dblclick()
    expect(page.locator(".node.neuron").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(layer).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".node.model")).to_have_count(len(store.models))


def test_a_tool_applied_to_a_layer_finds_its_kernel(opened: Opened, address: str, store: Store) -> None:
    """Kernel images fit no layer, but a convolution has just one kernel."""
    model = store["digits_conv"].id
    page = opened(f"{address}#{urlencode({'at': model, 'level': 'L2'})}")
    page.locator('[data-tool="kernel_images"]').click()
    page.wait_for_selector('.graph-view[data-tool="kernel_images"]')
    page.locator(f'.node.layer[data-uoa="{model}/conv_2"] .bar').first.click()
    expect(page.locator(f'.card[data-uoa="{model}/conv_2/kernel"]')).to_be_visible()


def test_a_link_to_a_model_that_is_not_here_says_so(opened: Opened, address: str, store: Store) -> None:
    page = opened(f"{address}#{urlencode({'at': 'nobody', 'level': 'L2'})}")
    expect(page.locator(".notice")).to_have_text("this store holds no model 'nobody'")
    expect(page.locator(".node.model")).to_have_count(len(store.models))
    expect(page.locator('[data-level="L3"]')).to_have_attribute("aria-pressed", "true")


def test_scrubbing_shows_another_checkpoint(opened: Opened, address: str, store: Store) -> None:
    model = store["digits_conv"].id
    page = opened(with_widgets(address, ("confusion_matrix", model)))
    caption = page.locator(".card .caption")
    expect(caption).to_contain_text("checkpoint 2")
    page.locator(".checkpoint-bar input").focus()
    page.keyboard.press("Home")
    expect(caption).to_contain_text("checkpoint 0")


def test_playing_shows_every_checkpoint_and_stops_at_the_last(
    opened: Opened, address: str, store: Store
) -> None:
    """Each is drawn before the next one comes; the keyboard begins it."""
    page = opened(with_widgets(address, ("confusion_matrix", store["digits_conv"].id)))
    expect(page.locator(".card .caption")).to_contain_text("checkpoint 2")
    page.evaluate("""window.drawn = ["2"];
      new MutationObserver(() => {
        const found = document.querySelector('.card .caption')?.textContent.match(/checkpoint (\\d)/)?.[1];
        if (found && found !== window.drawn.at(-1)) window.drawn.push(found);
      }).observe(document.querySelector('.widgets'), { childList: true, subtree: true })""")
    page.get_by_label("Speed 1×: choose another").click()
    page.locator(".checkpoint-bar input").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Stop", exact=True)).to_be_visible()
    expect(page.get_by_label("Play the checkpoints")).to_be_visible()
    until(page, lambda: page.evaluate("window.drawn.join()") == "2,0,1,2")


def test_the_same_sample_is_lit_over_models(opened: Opened, address: str, store: Store) -> None:
    """In grids, tables and confusion matrices; a click marks it there, too."""
    first, second = store["digits_conv"].id, store["digits_dense"].id
    widgets = ("misclassified", first), ("misclassified", second), ("confusion_matrix", second)
    page = opened(with_widgets(address, *widgets))
    cards = page.locator(".card")
    for index in (0, 1):
        expect(cards.nth(index).locator(".picture").first).to_be_visible()
    expect(cards.nth(2).locator(".main-svg").first).to_be_visible()
    seen = [
        set(card.locator("[data-sample]").evaluate_all("all => all.map(one => one.dataset.sample)"))
        for card in (cards.nth(0), cards.nth(1))
    ]
    common = sorted(seen[0] & seen[1])[0]
    cards.nth(0).locator(f'[data-sample="{common}"]').hover()
    expect(cards.nth(1).locator(".same-sample")).to_have_attribute("data-sample", common)
    expect(cards.nth(2).locator(".rings .hovered")).to_have_count(1)
    cards.nth(0).locator(f'[data-sample="{common}"]').click()
    expect(cards.nth(1).locator(".chosen[data-sample]")).to_have_attribute("data-sample", common)
    expect(cards.nth(2).locator(".rings .chosen")).to_have_count(1)


def test_search_finds_a_layer(opened: Opened, address: str, store: Store) -> None:
    model = store["digits_conv"].id
    page = opened(f"{address}#{urlencode({'at': model, 'level': 'L2'})}")
    expect(page.locator(f'.node.layer[data-uoa="{model}/conv_2"]')).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("conv_2")
    page.get_by_role("option").first.click()
    expect(page.locator(f'.node.selected[data-uoa="{model}/conv_2"]')).to_have_count(1)


def test_a_measure_that_is_asked_for_is_busy_until_its_panel_shows_it(opened: Opened, address: str) -> None:
    page = opened(address)
    row = page.locator('[data-measure="variance"]')
    row.click()
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(row).not_to_have_attribute("aria-busy", "true")
