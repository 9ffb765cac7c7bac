# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From single runs to the table, the bounds and the plot."""

import math
import statistics
from collections import defaultdict

import share_plot
from programs import KINDS
from runs import ARMS, GLIBC, SCUDO_ALONE

EVERY, SINGLE = "every", "single"
FEW = 100  # executions; below, a site counts as rarely executed
# Nothing is divided by a cost smaller than this, or than its own noise.
LEAST_COST_PERCENT = 0.05


# What counts as found in a run.
def is_found(run):
    """The tool reports it."""
    return run["detected"]


def is_found_guarded(run):
    """The tool reports it, of an object that it guarded."""
    return run["detected"] and not run.get("by_allocator")


def is_stopped(run):
    """The tool reports it, or the allocator under it ends the program."""
    return run["detected"] or run["scudo_error"]


class Detections:
    """The share of runs in which each arm found each mutant."""

    def __init__(self, mutants, outcomes):
        """outcomes: {(population, arm name, mutant index): [record, ...]}"""
        self.mutants = mutants
        self.outcomes = outcomes

    def shares(self, population, arm, accept=lambda mutant: True,
               counts=is_found):
        return [(self.mutants[i], statistics.mean(map(counts, runs)))
                for (p, a, i), runs in sorted(self.outcomes.items())
                if p == population and a == arm and accept(self.mutants[i])]

    def mean(self, *query):
        shares = [share for _, share in self.shares(*query)]
        return statistics.mean(shares) if shares else None

    def standard_error(self, *query):
        shares = [share for _, share in self.shares(*query)]
        return (statistics.stdev(shares) / math.sqrt(len(shares))
                if len(shares) > 1 else None)


def groups(programs):
    """The rows of the table: what a mutant must be, and what counts."""
    def is_rare(mutant):
        return mutant["executions"] < FEW

    yield "all", lambda m: True, is_found
    yield "   guarded objects alone", lambda m: True, is_found_guarded
    yield "   with scudo's own errors", lambda m: True, is_stopped
    yield f"executed < {FEW} times", is_rare, is_found
    yield "   guarded objects alone", is_rare, is_found_guarded
    yield "   with scudo's own errors", is_rare, is_stopped
    for label, accept in other_groups(programs):
        yield label, accept, is_found


def other_groups(programs):
    yield f"executed >= {FEW} times", lambda m: m["executions"] >= FEW
    # Others are found by whoever starts the program; they do not ship.
    yield "plain program survives", lambda m: m.get("survives")
    yield "plain program crashes", lambda m: not m.get("survives")
    for name in programs:
        yield name, lambda m, name=name: m["program"] == name
    for kind in KINDS:
        yield kind, lambda m, kind=kind: m["kind"] == kind


def percent(share, digits=1):
    return "-" if share is None else f"{100 * share:.{digits}f} %"


def detection_rows(found, programs):
    for population in (EVERY, SINGLE):
        for label, accept, counts in groups(programs):
            arms = {}
            for arm in ARMS:
                arms[arm.name] = {
                    "mean": found.mean(population, arm.name, accept, counts),
                    "standard_error": found.standard_error(
                        population, arm.name, accept, counts)}
            count = len(found.shares(population, ARMS[0].name, accept))
            yield {"population": population, "group": label,
                   "mutants": count, "arms": arms}


def side_counts(found):
    """What else came of the runs, for each arm."""
    for arm in ARMS:
        runs = [r for (_, a, _), rs in found.outcomes.items() if a == arm.name
                for r in rs]
        yield {"arm": arm.name, "runs": len(runs),
               "detected": sum(r["detected"] for r in runs),
               "by_allocator": sum(r.get("by_allocator", False)
                                   for r in runs),
               "scudo_error": sum(r["scudo_error"] and not r["detected"]
                                  for r in runs),
               "timeout": sum(r["status"] == "timeout" for r in runs),
               "crashed_unreported": sum(
                   r["status"].startswith("signal") and not r["detected"] and
                   not r["scudo_error"] for r in runs),
               "not_struck": sum(not r["struck"] and not r["detected"]
                                 for r in runs)}


# --- Cost --------------------------------------------------------------------

def cost_rows(times):
    """times: {(program, arm name): {round: seconds}}. Ratios are of runs of the
    same round, hence of neighbours in time."""
    programs = sorted({program for program, _ in times})
    pairs = [(arm.name, GLIBC.name) for arm in (*ARMS, SCUDO_ALONE)]
    pairs += [(arm.name, SCUDO_ALONE.name) for arm in ARMS
              if arm.variant == "plain"]
    for arm, base in pairs:
        rows = [cost_row(program, arm, base, times[program, arm],
                         times[program, base])
                for program in programs
                if times.get((program, arm)) and times.get((program, base))]
        yield from rows
        if rows:
            yield {"arm": arm, "over": base, "program": "mean",
                   "min": min(r["median"] for r in rows),
                   "median": statistics.mean(r["median"] for r in rows),
                   "max": max(r["median"] for r in rows),
                   "of_minima": statistics.mean(r["of_minima"] for r in rows),
                   "error": math.hypot(*(r["error"] for r in rows)) / len(rows),
                   "rounds": sum(r["rounds"] for r in rows)}


def cost_row(program, arm, base, ours, other):
    ratios = sorted(ours[r] / other[r] for r in ours if r in other)
    return {"arm": arm, "over": base, "program": program, "min": ratios[0],
            "median": statistics.median(ratios), "max": ratios[-1],
            # What other load does to a run, it adds.
            "of_minima": min(ours.values()) / min(other.values()),
            "error": median_error(ratios), "rounds": len(ratios)}


def median_error(values):
    """The standard error of the median, as if the values were normal."""
    if len(values) < 2:
        return 0.0
    return 1.253 * statistics.stdev(values) / math.sqrt(len(values))


def mean_cost(costs, arm, base):
    """In percent: the cost, and how far it may be off (95 %)."""
    for row in costs:
        if (row["arm"], row["over"], row["program"]) == (arm, base, "mean"):
            return 100 * (row["median"] - 1), 200 * row["error"]
    return None, None


def per_percent(share, cost, error):
    if share is None or cost is None:
        return "-"
    if cost < max(error, LEAST_COST_PERCENT):
        return "cost unresolved"
    return f"{100 * share / cost:.1f}"


# --- Bounds ------------------------------------------------------------------

def bounds(found, costs):
    """[(statement, measured, whether it is held or None)]"""
    ours, gwp = ARMS[0].name, "gwp-asan"
    every = found.mean(EVERY, ours)
    single, other = found.mean(SINGLE, ours), found.mean(SINGLE, gwp)
    rare = found.mean(SINGLE, ours, lambda m: m["executions"] < FEW)
    cost, error = mean_cost(costs, ours, GLIBC.name)
    def at_least(value, bound):
        return None if value is None else value >= bound

    yield ("every execution: found in at least 95 % of runs", percent(every),
           at_least(every, 0.95))
    yield ("one execution: at least 20 times GWP-ASan's default",
           *ratio_bound(found, single, other, gwp))
    yield (f"one execution, sites executed < {FEW} times: at least 50 %",
           percent(rare), at_least(rare, 0.5))
    yield ("   the aim: at least 90 %", percent(rare), at_least(rare, 0.9))
    # Held, or not, only if the noise leaves no doubt.
    yield ("CPU time over the plain build: at most 0.5 %",
           "-" if cost is None else f"{cost:+.2f} +-{error:.2f} %",
           None if cost is None or abs(cost - 0.5) < error else cost <= 0.5)


def ratio_bound(found, single, other, gwp):
    """Where GWP-ASan found nothing, its share is below 3 in the number of runs
    (at 95 % confidence); what follows from that is held, else open."""
    if single is None or other is None:
        return "-", None
    if other:
        return f"{single / other:.0f} times", single / other >= 20
    count = sum(len(rs) for (p, a, _), rs in found.outcomes.items()
                if p == SINGLE and a == gwp)
    least = single * count / 3
    return f"> {least:.0f} times", True if least >= 20 else None


# --- Text --------------------------------------------------------------------

def table(detections, sides, costs, held, tally):
    names = [arm.name for arm in ARMS]
    out = [f"mutants: {tally['kept']} kept of {tally['tried']} sites tried; "
           f"{tally['reached']} of {tally['sites']} sites reached "
           f"({tally['oracle']})"]
    for population, title in (
            (EVERY, "bug on every execution of its site"),
            (SINGLE, "bug on one execution, drawn at random")):
        out += ["", f"mean detection a run: {title}",
                row("", ["mutants", *names])]
        for r in detections:
            if r["population"] == population and r["mutants"]:
                out.append(row(r["group"], [r["mutants"]] + [
                    percent(r["arms"][n]["mean"]) +
                    error_text(r["arms"][n]["standard_error"]) for n in names]))
    out += ["", "(+-: standard error over mutants)", "",
            row("what came of the runs", names)]
    for key in ("runs", "detected", "by_allocator", "scudo_error", "crashed_unreported",
                "timeout", "not_struck"):
        out.append(row(key.replace("_", " "), [s[key] for s in sides]))
    out += cost_text(detections, costs, tally["load"])
    out += ["", "bounds"]
    out += [f"  {what:58} {measured:>16}   " +
            {True: "held", False: "not held", None: "open"}[is_held]
            for what, measured, is_held in held]
    return "\n".join(out)


def cost_text(detections, costs, load):
    if not costs:
        return []
    out = ["", row("CPU time, ratio of neighbouring runs",
                   ["over", "min", "median", "max", "+- of median",
                    "of the minima"])]
    for c in costs:
        out.append(row(f"{c['arm']}, {c['program']}", [
            c["over"], f"{c['min']:.4f}", f"{c['median']:.4f}",
            f"{c['max']:.4f}", f"{c['error']:.4f}",
            f"{c['of_minima']:.4f}"]))
    out += ["(mean: of the programs' medians; +-: standard error, below twice "
            "that)", f"({load})", "",
            row("detection in percent per percent of CPU time",
                ["over", "cost", "every", "single"])]
    means = {r["population"]: r["arms"] for r in detections
             if r["group"] == "all"}
    for c in costs:
        if c["program"] != "mean" or c["arm"] not in means[EVERY]:
            continue
        cost, error = mean_cost(costs, c["arm"], c["over"])
        out.append(row(c["arm"], [c["over"], f"{cost:+.2f} +-{error:.2f} %"] + [
            per_percent(means[p][c["arm"]]["mean"], cost, error)
            for p in (EVERY, SINGLE)]))
    return out


def row(label, cells):
    return f"{label:46}" + "".join(f"{cell!s:>18}" for cell in cells)


def error_text(error):
    return "" if error is None else f" +-{100 * error:.1f}"


# --- Plot --------------------------------------------------------------------

def plot(found):
    most = max((m["executions"] for m in found.mutants), default=1)
    decades = max(1, math.ceil(math.log10(most + 1)))
    panels = [(title, [(arm.title, curve(found.shares(population, arm.name)))
                       for arm in ARMS])
              for population, title in (
                  (EVERY, "bug on every execution"),
                  (SINGLE, "bug on one execution"))]
    return share_plot.plot(panels, decades)


def curve(shares):
    """One point a decade: the means of executions (geometric) and share."""
    bins = defaultdict(list)
    for mutant, share in shares:
        bins[int(math.log10(mutant["executions"]))].append(
            (mutant["executions"], share))
    return [(statistics.geometric_mean([n for n, _ in b]),
             statistics.mean([s for _, s in b]))
            for _, b in sorted(bins.items())]
