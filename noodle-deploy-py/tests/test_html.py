"""What notebooks show of an experiment, from views as operations answer them."""

import re
import unittest
from math import inf, nan
from xml.etree import ElementTree

from noodle_deploy import html, plot, types
from support import Case, register

SVG = "{http://www.w3.org/2000/svg}"
GOALS = {"right": "increase", "watch_time": "decrease"}


def moments(metric="right", arm="large", count=8, scale=1.0, difference=0.2):
    """A history whose intervals narrow."""
    return [
        {
            "at": str(1_700_000_000_000 + n),
            "metric": metric,
            "arm": arm,
            "difference": difference * scale,
            "low": (difference - 1 / n) * scale,
            "high": (difference + 1 / n) * scale,
            "values": str(100 * n),
        }
        for n in range(1, count + 1)
    ]


def compare(metric="right", arm="large", **figures):
    """A comparison of a report."""
    measured = {"control": 0.70149, "arm": 0.93467, "difference": 0.23318, "low": 0.08038, "high": 0.38598}
    measured |= {"relative": 0.3324, "p_value": 0.0007, "adjusted_p_value": 0.0014}
    measured |= {"chance_better": 0.99, "expected_loss": 0.0}
    names = {"metric": metric, "role": "primary", "goal": GOALS.get(metric, "increase"), "arm": arm}
    counts = {"control_values": "214", "arm_values": "222", "finding": "better"}
    return {**names, **counts, "figures": measured | figures}


def view(arms=("small", "large"), history=(), comparisons=None, name="size", **more):
    """A view of a running experiment."""
    metrics = dict.fromkeys(["right", *(at["metric"] for at in history)])
    experiment = {
        "number": 1,
        "name": name,
        "arms": [{"name": arm, "version": f"{n}.0.0", "revision": n, "weight": 5000} for n, arm in enumerate(arms, 1)],
        "holdout": 0,
        "metrics": [
            {"name": metric, "kind": "mean", "goal": GOALS.get(metric, "increase"), "role": "primary"}
            for metric in metrics
        ],
        "judgement": {},
        "shares": [],
        "phase": "running",
        "reason": "",
        "salt": "0",
        "since": "0",
    }
    report = {
        "at": "0",
        "exposures": [],
        "sample_ratio_mismatch": False,
        "due": True,
        "comparisons": [compare()] if comparisons is None else comparisons,
        "summary": "large is better by right",
    }
    wire = {"deployment": "langid", "experiment": experiment, "report": report, "history": list(history)}
    return types.ExperimentView._read(wire | more)


def pictures(shown):
    """The pictures, which have to be XML: they stand in pages of any kind."""
    found = re.findall(r"<svg xmlns.*?</svg></g></svg>", shown)
    return [ElementTree.fromstring(picture) for picture in found]


def numbers(picture):
    """Everything in a picture that is a place."""
    places = [value for element in picture.iter() for value in element.attrib.values()]
    return " ".join(places)


class Pictures(unittest.TestCase):
    def test_one_for_each_metric_with_a_band_for_each_arm(self):
        history = [*moments(), *moments(arm="huge"), *moments("watch_time", scale=900.0)]
        right, watched = pictures(html.experiment(view(("small", "large", "huge"), history)))
        self.assertEqual([right.find(f"{SVG}title").text, watched.find(f"{SVG}title").text], ["right", "watch_time"])
        self.assertEqual(len(list(right.iter(f"{SVG}polygon"))), 2)
        self.assertEqual(len(list(watched.iter(f"{SVG}polygon"))), 1)
        said = right.find(f"{SVG}desc").text
        self.assertIn("difference to small; more is better", said)
        self.assertIn("large +0.2, +0.075 to +0.325, after 800 values", said)
        self.assertIn("less is better", watched.find(f"{SVG}desc").text)
        # An arm has one colour wherever it is.
        of_right, of_watched = ([band.get("fill") for band in of.iter(f"{SVG}polygon")] for of in (right, watched))
        self.assertEqual(of_right[0], of_watched[0])
        self.assertNotEqual(*of_right)

    def test_each_has_an_axis_of_its_own_with_zero_on_it(self):
        history = [*moments(), *moments("watch_time", scale=900.0)]
        shown = pictures(html.experiment(view(history=history)))
        texts = [[text.text for text in picture.iter(f"{SVG}text")] for picture in shown]
        for text in texts:
            self.assertEqual(text.count("0"), 2)
        self.assertIn("+0.5", texts[0])
        self.assertIn("+500", texts[1])
        self.assertIn("800", texts[0])

    def test_one_moment_is_a_stroke_and_a_dot(self):
        (picture,) = pictures(html.experiment(view(history=moments(count=1))))
        self.assertEqual(list(picture.iter(f"{SVG}polygon")), [])
        self.assertEqual(len(list(picture.iter(f"{SVG}circle"))), 1)

    def test_ten_arms_are_told_apart(self):
        arms = ["control", *(f"an-arm-with-a-long-name-{n}" for n in range(1, 10))]
        history = [at for n, arm in enumerate(arms[1:]) for at in moments(arm=arm, difference=n / 10)]
        (picture,) = pictures(html.experiment(view(arms, history)))
        self.assertEqual(len({band.get("fill") for band in picture.iter(f"{SVG}polygon")}), 9)
        _, _, wide, tall = map(float, picture.get("viewBox").split())
        for text in picture.iter(f"{SVG}text"):
            self.assertLess(float(text.get("x")), wide)
            self.assertLess(float(text.get("y")), tall)

    def test_what_is_no_number_is_not_drawn(self):
        history = moments()
        for at, wrong in zip(history, (nan, inf, -inf, 1e300)):
            at["low"] = wrong
        (picture,) = pictures(html.experiment(view(history=history)))
        self.assertNotRegex(numbers(picture), r"nan|inf|e\+")
        self.assertEqual(len(next(picture.iter(f"{SVG}polyline")).get("points").split()), 4)
        for at in history:
            at["high"] = nan
        self.assertEqual(pictures(html.experiment(view(history=history))), [])

    def test_a_difference_of_nothing_has_a_place(self):
        for size in (0.0, 1e-300, 1e-9, 1e149):
            history = moments(scale=size)
            (picture,) = pictures(html.experiment(view(history=history)))
            self.assertNotRegex(numbers(picture), "nan|inf", size)
        none = [at | {"values": "0"} for at in moments()]
        self.assertEqual(len(pictures(html.experiment(view(history=none)))), 1)

    def test_the_wide_beginning_does_not_flatten_the_rest(self):
        line = [plot.Point(10, 5.0, -90.0, 100.0), plot.Point(500, 0.2, -0.1, 0.5), plot.Point(1000, 0.2, 0.1, 0.3)]
        low, high = plot.bounds({"large": line})
        self.assertTrue(-0.2 < low < -0.1 and 0.5 < high < 0.6, (low, high))

    def test_marks_are_round(self):
        for low, high, step in ((-0.3, 0.52, 0.2), (-1.0, 1.0, 0.5), (0, 437, 100), (-2e-7, 3e-7, 1e-7)):
            found, marks = plot.ticks(low, high, 5)
            self.assertAlmostEqual(found / step, 1)
            self.assertTrue(low <= marks[0] and marks[-1] <= high and 3 <= len(marks) <= 6, marks)
        self.assertEqual(plot.number(-1234.5, 0.5), "−1,234.5")
        self.assertEqual(plot.signed(0.2, 0.05), "+0.20")
        self.assertEqual(plot.signed(3e-7, 1e-7), "+3e−07")


class Page(unittest.TestCase):
    def test_without_a_history_there_is_the_table(self):
        shown = html.experiment(view())
        self.assertEqual(pictures(shown), [])
        for cell in ("right", "large", "0.70149", "+0.23318 (+33.24 %)", "+0.08038 to +0.38598", "better", "0.0014"):
            self.assertIn(f"<td>{cell}</td>", shown)
        self.assertIn("large is better by right", shown)
        few = compare() | {"finding": "too_few", "figures": None}
        self.assertIn("<td>214 values</td><td>222 values</td><td>–</td>", html.experiment(view(comparisons=[few])))

    def test_before_it_begins_there_are_the_arms(self):
        shown = html.experiment(view(report=None))
        self.assertTrue(shown.startswith("<table><caption>experiment size of langid: running"))
        self.assertIn("<tr><td>small</td><td>1.0.0</td><td>50.00 %</td></tr>", shown)
        self.assertIn("no experiment", html.experiment(view(experiment=None)))

    def test_names_are_text_and_never_markup(self):
        evil = '<script>alert("1 & 2")</script>'
        given = view((evil, evil + "2"), moments(evil, evil + "2"), [compare(evil, evil + "2")], name=evil)
        shown = html.experiment(given)
        self.assertNotIn("<script", shown)
        (picture,) = pictures(shown)
        self.assertEqual(picture.find(f"{SVG}title").text, evil)
        self.assertIn("&lt;script&gt;", html.experiment(view(deployment=evil, experiment=None)))


class Lived(Case):
    def test_an_experiment_that_ran(self):
        for version in ("1.0.0", "2.0.0"):
            register(self.noodle, version)
        self.noodle.deploy(deployment="langid", version="1.0.0")
        self.noodle.deploy(deployment="langid", version="2.0.0", strategy="blue_green")
        arms = [types.ArmConfig(name=f"v{n}", version=f"{n}.0.0", weight=5000) for n in (1, 2)]
        metric = types.MetricConfig(name="right", kind="proportion", goal="increase", role="primary")
        self.noodle.create_experiment(deployment="langid", name="size", arms=arms, metrics=[metric])
        self.noodle.start_experiment(deployment="langid")
        outcomes = [types.Outcome(name="right", value=float(n % 3 == 0), key=f"user-{n}") for n in range(4000)]
        self.noodle.record_outcomes(deployment="langid", outcomes=outcomes)
        seen = self.noodle.get_experiment(deployment="langid")
        self.assertEqual(len(pictures(seen._repr_html_())), 1 if seen.history else 0)
        self.assertIn("<td>right</td><td>v2</td>", seen._repr_html_())


if __name__ == "__main__":
    unittest.main()
