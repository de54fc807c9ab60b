"""A repaired file keeps every byte that no repair touched, and all that other tools wrote."""

import pytest

from processes.document import parse
from processes.repair import apply
from tests.processes.drawn import flows, process
from tests.processes.repair.spelled import lines

HAND_WRITTEN = """<?xml version='1.0' encoding="UTF-8"?>
<!-- vẽ tay -->
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:acme='urn:acme'
             id='D'   targetNamespace = "urn:example" >
  <process id="P" name='Quy trình'>   <!-- ba bước -->
    <startEvent id="S"  />
    <!-- bước một -->
    <userTask name="Tiếp nhận &amp; kiểm tra" id = 'A'
              acme:colour='#ff0000'>
      <documentation><![CDATA[Xem <giấy tờ> & đối chiếu]]></documentation>
      <extensionElements><acme:kpi unit='h'>  2 </acme:kpi></extensionElements>
    </userTask>
    <!-- bước hai, bằng máy -->
    <scriptTask id="B" name="Tính phí" acme:colour='#00ff00'><script>x &lt; 1</script></scriptTask>
    <sequenceFlow id='f1' sourceRef='S' targetRef='A'/><sequenceFlow id='f2' sourceRef='A' targetRef='B'/>
    <!-- mũi tên lạc -->
    <sequenceFlow id='f3' sourceRef='B' targetRef='Z' acme:note='bỏ?'/>
  </process>
</definitions>
<!-- hết -->
"""


def repaired(text: str, encoding: str = "utf-8") -> str:
    return apply(text.encode(encoding))[0].decode(encoding)


def test_untouched_lines_stay_to_the_byte():
    after = repaired(HAND_WRITTEN).split("\n")
    touched = (
        "<definitions",
        "targetNamespace",
        "<process",
        "<scriptTask",
        "f3",
        "<!-- mũi tên lạc",
    )
    for line in HAND_WRITTEN.split("\n"):
        if not any(word in line for word in touched):
            assert line in after, line


def test_touched_tags_keep_their_other_attributes_as_they_were_written():
    after = repaired(HAND_WRITTEN)
    assert """id='D'   targetNamespace = "urn:example" """ in after
    assert """<process id="P" name='Quy trình' isExecutable="true">   <!-- ba bước -->""" in after
    assert """<userTask id="B" name="Tính phí" acme:colour='#00ff00'""" in after


def test_a_comment_before_a_removed_element_stays():
    after = repaired(HAND_WRITTEN)
    assert "f3" not in after
    assert "<!-- mũi tên lạc -->" in after


def test_what_another_tool_wrote_in_a_removed_element_moves_to_its_neighbour():
    assert 'acme:note="bỏ?"' in repaired(HAND_WRITTEN)
    assert "f3" not in repaired(HAND_WRITTEN)


def test_an_attribute_that_the_neighbour_has_already_is_written_down():
    text = HAND_WRITTEN.replace("acme:note='bỏ?'", "acme:colour='xanh'")
    document = parse(repaired(text).encode())
    task = document.root.find(".//{*}userTask[@id='B']")
    assert task.get("{urn:acme}colour") == "#00ff00"
    assert any("acme:colour=xanh" in (d.text or "") for d in task.iterfind("{*}documentation"))


def test_new_elements_are_indented_like_their_neighbours():
    after = repaired(HAND_WRITTEN)
    assert '\n    <endEvent id="End_B">' in after or '\n    <endEvent id="End_B"/>' in after
    assert '\n      <qt:procedure code="P">' in after


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_encoding_and_byte_order_mark_stay(encoding):
    text = HAND_WRITTEN.replace(' encoding="UTF-8"', "")
    before = text.encode(encoding)
    after, _ = apply(before)
    assert after[:3] == before[:3]
    assert after.decode(encoding) == repaired(text)


def test_letters_that_an_old_encoding_lacks_become_references():
    text = HAND_WRITTEN.replace("<![CDATA[Xem <giấy tờ> & đối chiếu]]>", "Xem").replace(
        "UTF-8", "iso-8859-1"
    )
    after, _ = apply(text.encode("iso-8859-1", errors="xmlcharrefreplace"))
    assert 'name="Thông th&#432;&#7901;ng"' in after.decode("iso-8859-1")
    assert lines(after) == lines(apply(text.replace("iso-8859-1", "UTF-8").encode())[0])


def test_windows_line_ends_stay():
    after, _ = apply(HAND_WRITTEN.replace("\n", "\r\n").encode())
    assert after.count(b"\n") == after.count(b"\r\n")


def test_a_prefix_that_is_taken_is_not_taken_again():
    text = HAND_WRITTEN.replace(
        "xmlns:acme='urn:acme'", "xmlns:acme='urn:acme' xmlns:qt='urn:other'"
    )
    after = repaired(text)
    assert 'xmlns:qt2="urn:vn:quy-trinh:1.0"' in after
    assert "qt2:procedure" in after
    assert lines(after.encode()) == lines(repaired(HAND_WRITTEN).encode())


def test_the_vocabularys_own_prefix_is_used_where_the_file_has_one():
    text = HAND_WRITTEN.replace(
        "xmlns:acme='urn:acme'", "xmlns:acme='urn:acme' xmlns:q='urn:vn:quy-trinh:1.0'"
    )
    assert "<q:procedure" in repaired(text)
    assert "xmlns:qt" not in repaired(text)


def test_a_namespace_declared_inside_a_removed_element_is_declared_where_it_goes():
    body = (
        '<b:startEvent id="S"/><b:task id="A" name="A"/>'
        '<b:sequenceFlow id="g" sourceRef="A" targetRef="Z" xmlns:x="urn:x" x:mark="1">'
        '<b:extensionElements><x:memo xmlns:y="urn:y" y:at="2">chữ <y:b>đậm</y:b> nữa</x:memo>'
        "</b:extensionElements></b:sequenceFlow>"
    )
    after, _ = apply(process(body + flows("S A")))
    task = parse(after).root.find(".//{*}task")
    assert task.get("{urn:x}mark") == "1"
    memo = task.find("{*}extensionElements/{urn:x}memo")
    assert memo.get("{urn:y}at") == "2"
    assert "".join(memo.itertext()) == "chữ đậm nữa"


def test_nothing_foreign_is_lost():
    before, after = (
        parse(data).root for data in (HAND_WRITTEN.encode(), apply(HAND_WRITTEN.encode())[0])
    )
    elements = [
        {e.tag for e in root.iter("{*}*") if "acme" in str(e.tag)} for root in (before, after)
    ]
    assert elements[0] == elements[1] == {"{urn:acme}kpi"}
    assert foreign_attributes(before) == foreign_attributes(after) != set()


def foreign_attributes(root):
    everything = ((name, value) for e in root.iter("{*}*") for name, value in e.attrib.items())
    return {(name, value) for name, value in everything if "acme" in name}
