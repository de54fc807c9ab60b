"""Decision models written shortly, for the tests of this folder."""

from xml.sax.saxutils import escape

from processes.dmn import DecisionModel, read_decisions

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def model(*elements: str, strict: bool = True) -> DecisionModel:
    """A model of these elements."""
    return read_decisions(definitions(*elements), strict=strict)


def definitions(*elements: str, namespace: str = NAMESPACE, attributes: str = "") -> bytes:
    inside = "".join(elements)
    return (
        f'<definitions xmlns="{namespace}" name="Thử" namespace="urn:thu" {attributes}>'
        f"{inside}</definitions>"
    ).encode()


def datum(name: str, type_: str = "") -> str:
    type_ref = f' typeRef="{type_}"' if type_ else ""
    return f'<inputData id="i-{name}" name="{name}"><variable name="{name}"{type_ref}/></inputData>'


def requirements(*ids: str) -> str:
    kinds = {
        "i": "requiredInput",
        "d": "requiredDecision",
        "b": "requiredKnowledge",
        "s": "requiredKnowledge",
    }
    return "".join(
        f"<{'knowledge' if id_[0] in 'bs' else 'information'}Requirement>"
        f'<{kinds[id_[0]]} href="#{id_}"/>'
        f"</{'knowledge' if id_[0] in 'bs' else 'information'}Requirement>"
        for id_ in ids
    )


def decision(name: str, logic: str, *needs: str, type_: str = "") -> str:
    type_ref = f' typeRef="{type_}"' if type_ else ""
    return (
        f'<decision id="d-{name}" name="{name}"><variable name="{name}"{type_ref}/>'
        f"{requirements(*needs)}{logic}</decision>"
    )


def literal(text: str, attributes: str = "") -> str:
    return f"<literalExpression {attributes}><text>{escape(text)}</text></literalExpression>"


def table(
    inputs: list[str],
    outputs: list[str],
    rules: list[tuple[list[str], list[str]]],
    policy: str = "UNIQUE",
    aggregation: str = "",
) -> str:
    """inputs: expressions; outputs: "name", or "name: values" or "name: values; default"."""
    head = "".join(
        f"<input><inputExpression><text>{escape(text)}</text></inputExpression></input>"
        for text in inputs
    )
    head += "".join(_output(each) for each in outputs)
    rows = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(each)}</text></inputEntry>" for each in tests)
        + "".join(f"<outputEntry><text>{escape(each)}</text></outputEntry>" for each in results)
        + "</rule>"
        for tests, results in rules
    )
    gathered = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{policy}"{gathered}>{head}{rows}</decisionTable>'


def _output(text: str) -> str:
    name, _, rest = text.partition(": ")
    values, _, default = rest.partition("; ")
    inside = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    if default:
        inside += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
    return f'<output name="{name}">{inside}</output>'


def function(name: str, parameters: list[str], logic: str, *needs: str, tag: str = "") -> str:
    formal = "".join(f'<formalParameter name="{each}"/>' for each in parameters)
    if tag:
        return f"<functionDefinition>{formal}{logic}</functionDefinition>"
    return (
        f'<businessKnowledgeModel id="b-{name}" name="{name}"><variable name="{name}"/>'
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{requirements(*needs)}"
        f"</businessKnowledgeModel>"
    )
