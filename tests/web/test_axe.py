"""The accessibility check finds real faults, and needs no weaker policy to do so."""

POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'"
PAGE = (
    """<!doctype html><html lang="vi"><title>Thử</title><main><h1>Hộp việc</h1>{}</main></html>"""
)


def show(page, body):
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
    page.route("**/*", lambda route: route.fulfill(body=PAGE.format(body), headers=headers))
    page.goto("http://localhost/")


def test_a_field_without_a_label_is_found(page, axe):
    show(page, "<input name='code'>")
    assert [line.split(":")[0] for line in axe(page)] == ["label"]


def test_a_page_in_order_has_no_finding(page, axe):
    show(page, "<label>Mã hồ sơ <input name='code'></label>")
    assert axe(page) == []


def test_the_policy_of_the_page_still_holds(browser):
    page = browser.new_page()  # not the watched fixture: this page does break its rules
    show(page, "<button onclick='document.title=\"đổi\"'>Bấm</button>")
    page.get_by_role("button").click()
    assert page.title() == "Thử"
    page.close()
