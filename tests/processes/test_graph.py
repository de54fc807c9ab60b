"""Graphs: what a walk meets, what lies on a loop."""

from hypothesis import given
from hypothesis import strategies as st

from processes.graph import Graph

vertices = st.sampled_from("abcdefg")
graphs = st.dictionaries(vertices, st.lists(vertices, max_size=4), max_size=7).map(
    lambda edges: Graph(
        {
            v: tuple(edges.get(v, ()))
            for v in sorted({*edges, *(s for after in edges.values() for s in after)})
        }
    )
)


def test_a_walk_meets_what_it_can_reach_and_nothing_else():
    graph = Graph({"a": ("b",), "b": ("a", "c"), "c": (), "d": ("a",)})
    assert graph.reachable(["a"]) == {"a", "b", "c"}
    assert graph.reachable(["a"], avoiding={"b"}) == {"a"}
    assert graph.reachable(["nowhere"]) == set()
    assert graph.reversed().reachable(["c"]) == {"a", "b", "c", "d"}


def test_finds_each_loop_once():
    graph = Graph({"a": ("b",), "b": ("a", "c"), "c": ("c", "d"), "d": ()})
    assert graph.loops() == [["a", "b"], ["c"]]
    assert graph.only(lambda vertex: vertex != "b").loops() == [["c"]]


def test_a_long_chain_needs_no_recursion():
    chain = Graph({str(i): (str((i + 1) % 5000),) for i in range(5000)})
    assert len(chain.loops()[0]) == 5000


@given(graphs)
def test_a_vertex_lies_on_a_loop_exactly_if_it_reaches_itself(graph):
    on_loops = {vertex for loop in graph.loops() for vertex in loop}
    assert on_loops == {v for v, after in graph.successors.items() if v in graph.reachable(after)}


@given(graphs)
def test_without_its_back_edges_a_graph_has_no_loop(graph):
    left, back = graph.depth_first(graph.successors)
    assert set(left) == set(graph.successors)
    place = {vertex: i for i, vertex in enumerate(left)}
    for vertex, after in graph.successors.items():
        for successor in after:
            assert ((vertex, successor) in back) == (place[vertex] <= place[successor])
