"""The figures as tables for people and as data for programs."""

from collections.abc import Iterable, Mapping
from typing import Any

from bench.printing import table
from bench.spread import Spread, shown


def to_data(found: Any) -> Any:
    """Plain data, spreads as median, low and high."""
    if isinstance(found, Spread):
        return found.to_data()
    if isinstance(found, Mapping):
        return {str(name): to_data(each) for name, each in found.items()}
    if isinstance(found, list | tuple):
        return [to_data(each) for each in found]
    return found


def machine_lines(machine: Mapping[str, Any]) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return "\n".join(
        [
            f"{machine['cores']} cores, {machine['processor']}, memory {machine['memory']}",
            f"{machine['system']}, {machine['python']}, SQLite {machine['sqlite']}",
            f"{packages}; tree {machine['revision']}",
        ]
    )


def load_line(begin: Iterable[float], end: Iterable[float]) -> str:
    return (
        f"load average (1, 5, 15 min) at begin {' '.join(map(str, begin))}, "
        f"at end {' '.join(map(str, end))}; figures: median (lowest-highest) of the passes"
    )


def loads_line(loads: Iterable[Any]) -> str:
    """Between which values the load over one minute was while passes began and ended."""
    seen = [load[0] for one_pass in loads for load in one_pass]
    return f"load average over 1 minute, begin and end of each pass: {min(seen)}-{max(seen)}"


def print_complete_step(found: Mapping[str, Any], counted: Mapping[str, Any]) -> None:
    name = found["database"]
    rows = []
    for steps, chain in found["chains"].items():
        count = counted[steps]
        rows.append(
            [
                steps,
                chain["complete_p50_ms"],
                chain["complete_p95_ms"],
                chain["complete_server_cpu_p50_ms"],
                chain["complete_server_cpu_mean_ms"],
                chain["complete_database_cpu_mean_ms"],
                f"{count['complete_statements']} (most {count['complete_statements_most']})",
                f"{count['complete_commits']} (most {count['complete_commits_most']})",
                chain["latency_per_raw_commit"],
                chain["cpu_per_raw_commit"],
            ]
        )
    head = "steps|p50 ms|p95 ms|server CPU p50 ms|server CPU mean ms|database CPU ms|statements"
    head += "|commits|p50 / raw p50|CPU / raw CPU"
    print(table(f"complete a step over HTTP, {name}", head.split("|"), rows))
    rows = [
        [
            steps,
            chain["receive_p50_ms"],
            chain["receive_server_cpu_mean_ms"],
            counted[steps]["receive_statements"],
            counted[steps]["receive_commits"],
        ]
        for steps, chain in found["chains"].items()
    ]
    head = "steps|p50 ms|server CPU mean ms|statements|commits"
    print(table(f"receive a dossier over HTTP, {name}", head.split("|"), rows))
    raw, clients = found["raw"], found["clients"]
    print(
        f"\nraw commit of comparable rows, one client: p50 {raw['commit_p50_ms']} ms, "
        f"p95 {raw['commit_p95_ms']} ms, {raw['commits_per_second']} a second, "
        f"CPU of client {raw['client_cpu_ms']} ms and database {raw['database_cpu_ms']} ms"
    )
    print(
        f"four clients, 6 steps: {clients['dossiers_per_minute']} dossiers a minute, "
        f"{clients['steps_per_second']} steps a second, "
        f"p50 {clients['complete_p50_ms']} ms, p95 {clients['complete_p95_ms']} ms"
    )
    print(loads_line(found["loads"]))


def print_statements(database: str, counted: Mapping[str, Any]) -> None:
    rows = [
        [
            name,
            each["complete_statements"],
            each["complete_commits"],
            each["receive_statements"],
            each["receive_commits"],
            each["completions"],
        ]
        for name, each in counted.items()
    ]
    head = "steps|complete: statements|commits|receive: statements|commits|counted completions"
    print(table(f"SQL of an act, {database}", head.split("|"), rows))
    kinds = next(iter(counted.values()))["kinds"]
    listed = ", ".join(f"{kind} {shown(each)}" for kind, each in kinds.items())
    print(f"one completion, 6 steps: {listed}")


def print_stored(database: str, stored: Mapping[str, Any]) -> None:
    rows = [
        [
            steps,
            each["dossiers"],
            f"{each['bytes_per_dossier'] / 1000:,.1f}",
            f"{each['entered_per_dossier'] / 1000:,.1f}",
            shown(each["bytes_per_entered_byte"]),
            ", ".join(
                f"{name} {size / 1000:,.1f}"
                for name, size in sorted(each["by_table"].items(), key=lambda pair: -pair[1])[:4]
            ),
        ]
        for steps, each in stored.items()
    ]
    head = "steps|dossiers|kB a finished dossier|kB entered|stored / entered|most of it, kB"
    print(table(f"stored bytes after compaction, {database}", head.split("|"), rows))


def print_stock(found: Mapping[str, Any]) -> None:
    whose = (
        ("stock, load + step + save", "stock", ""),
        ("our runtime alone, in memory", "runtime", "stock_cpu_per_runtime"),
        ("our runtime, each way gone for the first time", "first", "stock_cpu_per_first"),
        ("our runtime, read back each time", "read_back", "stock_cpu_per_read_back"),
        ("our whole act", "ours", "stock_cpu_per_ours"),
    )
    rows = []
    for steps, chain in found["chains"].items():
        for name, who, ratio in whose:
            bare = "" if who == "ours" else chain[f"{who}_bare_cpu_ms"]
            bare_ratio = chain.get(f"stock_bare_per_{who}", "")
            stored = chain[f"{who}_bytes_per_entered_byte"]
            cpu = chain[f"{who}_cpu_ms"]
            rows.append([steps, name, cpu, chain.get(ratio, ""), bare, bare_ratio, stored])
    head = "steps|which|CPU ms|stock / it|without the driver, CPU ms|stock / it|stored / entered"
    title = f"a step in process, no HTTP, beside stock SpiffWorkflow, {found['database']}"
    print(table(title, head.split("|"), rows))
    print(loads_line(found["loads"]))


def print_plain_connections(found: Mapping[str, Any]) -> None:
    names = ["steps_per_second", "p50_ms", "p95_ms", "server_cpu_ms", "plain_per_second"]
    names += ["plain_p50_ms", "plain_p95_ms", "plain_client_cpu_ms", "steps_per_plain"]
    rows = [[found["figures"][name] for name in names]]
    head = "steps/s over HTTP|p50 ms|p95 ms|server CPU ms|plain, steps/s|p50 ms|p95 ms"
    head += "|client CPU ms|HTTP / plain"
    title = f"32 clients beside 32 plain connections, {found['database']}"
    print(table(title, head.split("|"), rows))
    print(loads_line(found["loads"]))


def print_loops(found: Mapping[str, Any]) -> None:
    rows = [
        [kind, f"{number:,}", figures[str(number)], figures[f"cold_{number}"]]
        for kind, figures in found["kinds"].items()
        for number in found["loops"]
    ]
    head = ["back by", "loops before", "CPU ms of a loop (2 acts)", "the same, read back from disk"]
    print(table(f"going round and round, {found['database']}", head, rows))
    for kind, ratio in found["last_per_first"].items():
        print(f"{kind}: the last / the first {ratio}")
    print(loads_line(found["loads"]))


def print_reprojection(found: Mapping[str, Any]) -> None:
    rows = [[name, found[name]] for name in found if name not in ("database", "load")]
    title = f"open due times after a change of the calendar, {found['database']}"
    print(table(title, ["what", "figure"], rows))
    print(loads_line([[found["load"]]]))


def print_calendar(found: Mapping[str, Any]) -> None:
    rows = [
        ["add", found["add_us"], found["add_per_datetime"]],
        ["elapsed", found["elapsed_us"], found["elapsed_per_datetime"]],
        ["datetime + timedelta", found["datetime_us"], "1"],
    ]
    print(table("working calendar", ["question", "us", "/ datetime"], rows))


def print_feel(found: Mapping[str, Any]) -> None:
    rows = [
        [each["feel"], each["feel_us"], each["python_us"], each["feel_per_python"]]
        for each in found["expressions"].values()
    ]
    print(table("warm FEEL evaluation", ["expression", "us", "Python us", "/ Python"], rows))


_INBOX = ("http_first", "http_tenth", "html_first", "html_tenth")


def print_list(found: Mapping[str, Any]) -> None:
    names = ["waiting", "first_page_ms", "tenth_page_ms", "counts_ms"]
    names += [f"{name}{each}_ms" for name in _INBOX for each in ("", "_cpu")] + ["watch_ms"]
    rows = [[name, *(desk[each] for each in names)] for name, desk in found["desks"].items()]
    head = "desk|waits there|first page ms|tenth page ms|numbers above ms|REST first ms|CPU ms"
    head += "|REST tenth ms|CPU ms|HTML first ms|CPU ms|HTML tenth ms|CPU ms|watch ms"
    title = f"inbox among {found['dossiers']:,} open dossiers, page of 50, {found['database']}"
    print(table(title, head.split("|"), rows))
    print(f"filled in {found['fill_seconds']:.0f} s, {found['stored_bytes'] / 1e6:,.0f} MB")
    print(loads_line(found["loads"]))


def print_many_clients(found: Mapping[str, Any]) -> None:
    names = ["steps_per_second", "p50_ms", "p95_ms", "p95_per_p50", "server_cpu_ms"]
    names += ["empty_per_second", "empty_cpu_ms", "steps_per_empty"]
    names += ["short_empty_per_second", "short_empty_cpu_ms", "steps_per_short_empty"]
    rows = [[_RUNS[name], *(each[n] for n in names)] for name, each in found["runs"].items()]
    head = "commit|steps/s|p50 ms|p95 ms|p95 / p50|server CPU ms|empty/s|empty CPU ms"
    head += "|steps/s / empty/s|short empty/s|short empty CPU ms|steps/s / short empty/s"
    print(table(f"32 clients, 6 steps, {found['database']}", head.split("|"), rows))
    if "group_per_alone" in found:
        print(f"group commit / one at a time, steps/s: {found['group_per_alone']}")
    print(loads_line(found["loads"]))


_RUNS = {
    "as it is": "as it is",
    "group": "made to cost 3 ms",
    "alone": "made to cost 3 ms, one at a time",
}


def print_files(found: Mapping[str, Any]) -> None:
    if not found["files"]:
        print("\n!!! NOT MEASURED: no corpora (QUYTRINH_CORPORA)")
        return
    rows = [
        ["check", found["check_p50_ms"], found["check_p99_ms"], found["check_most_ms"]],
        ["rehearse", shown(found["rehearse_p50_ms"]), "", shown(found["rehearse_most_ms"])],
    ]
    title = f"{found['files']} files of other tools, CPU ms a file"
    print(table(title, ["", "p50", "p99", "most"], rows))
    print(f"check says {found['outcomes']}; rehearsals end {found['runs']}")
    print(loads_line(found["loads"]))


def print_soundness(found: Mapping[str, Any]) -> None:
    rows = [
        [name, size, spread]
        for name in ("parallel_branches_ms", "blocks_sound_ms", "blocks_spoilt_ms")
        for size, spread in found[name].items()
    ]
    print(table("proof of soundness, CPU", ["drawing", "size", "ms"], rows))


def print_timers(found: Mapping[str, Any]) -> None:
    figures = found["figures"]
    names = (
        *("timers_per_second", "cpu_ms", "database_cpu_ms", "raw_per_second", "timers_to_raw"),
        *("escalations_per_second", "escalation_cpu_ms", "start_up_seconds", "timers"),
    )
    rows = [[found["workers"], *(figures[name] for name in names)]]
    head = (
        "workers|timers/s|CPU ms|database CPU ms|raw/s|timers/s / raw/s"
        "|escalations/s|CPU ms|start-up s|timers"
    )
    print(table(f"timers that fall due at once, {found['database']}", head.split("|"), rows))
    print(loads_line(found["loads"]))
