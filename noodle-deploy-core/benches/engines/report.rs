//! The tables, and the figures that the goals speak of.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::automatic::{Automatic, Chosen};
use crate::case::THREADS;
use crate::direct::{Figures, Outcome};

/// A choice may be slower than the fastest engine by what a later engine must be faster to be chosen.
const MARGIN: f64 = 0.05;

/// One case.
pub struct Row {
    pub model: &'static str,
    pub title: String,
    pub threads: u32,
    pub direct: Vec<Figures>,
    pub automatic: Automatic,
}

/// How a choice compares with the fastest of the engines that it could have taken and that are right.
struct Judgement {
    engine: String,
    fastest: &'static str,
    /// Time of the chosen engine over that of the fastest, each by itself; none where the choice is wrong.
    over_fastest: Option<f64>,
}

impl Judgement {
    fn good(&self) -> bool {
        self.over_fastest.is_some_and(|ratio| ratio <= 1.0 + MARGIN)
    }
}

impl Row {
    fn ms(&self, engine: &str) -> Option<f64> {
        self.direct.iter().find(|figures| figures.engine == engine)?.ms()
    }

    fn over_ort(&self, engine: &str) -> Option<f64> {
        Some(self.ms(engine)? / self.ms("ort")?)
    }

    /// The better of the pure Rust engines.
    fn best_rust_over_ort(&self) -> Option<f64> {
        ["tract", "rten"].into_iter().filter_map(|engine| self.over_ort(engine)).min_by(f64::total_cmp)
    }

    fn noise(&self) -> f64 {
        let spread = |figures: &Figures| match &figures.outcome {
            Outcome::Right(times) => times.spread,
            _ => 0.0,
        };
        self.direct.iter().map(spread).fold(0.0, f64::max)
    }

    /// `None` where no engine is right, and nothing was chosen.
    fn judge(&self, chosen: &Result<Chosen, String>, engines: &[&str]) -> Option<Judgement> {
        let standing = self.direct.iter().filter(|figures| engines.contains(&figures.engine));
        let right = standing.filter_map(|figures| Some((figures.engine, figures.ms()?)));
        let fastest = right.min_by(|a, b| a.1.total_cmp(&b.1));
        match (fastest, chosen) {
            (None, Err(_)) => None,
            (None, Ok(chosen)) => {
                Some(Judgement { engine: chosen.engine.clone(), fastest: "none", over_fastest: None })
            }
            (Some((fastest, _)), Err(_)) => Some(Judgement { engine: "none".into(), fastest, over_fastest: None }),
            (Some((fastest, least)), Ok(chosen)) => {
                let time = self.ms(&chosen.engine).filter(|_| chosen.right);
                let engine = chosen.engine.clone();
                Some(Judgement { engine, fastest, over_fastest: time.map(|time| time / least) })
            }
        }
    }

    fn of_all(&self) -> Option<Judgement> {
        self.judge(&self.automatic.of_all, &["tract", "rten", "ort"])
    }

    fn of_rust(&self) -> Option<Judgement> {
        self.judge(&self.automatic.of_rust, &["tract", "rten"])
    }

    /// For who waits.
    pub fn line(&self) -> String {
        let engines = ["tract", "rten", "ort"].map(|engine| format!("{engine} {}", milliseconds(self.ms(engine))));
        let [of_all, of_rust] =
            [self.of_all(), self.of_rust()].map(|j| j.map_or_else(|| "nothing".to_owned(), |j| j.engine));
        format!("{}, {} threads: {}; chose {of_all}, {of_rust}", self.title, self.threads, engines.join(", "))
    }
}

fn geometric_mean(ratios: impl Iterator<Item = f64>) -> (f64, usize) {
    let (sum, count) = ratios.fold((0.0, 0), |(sum, count), ratio| (sum + ratio.ln(), count + 1));
    ((sum / count as f64).exp(), count)
}

/// Three digits that count.
fn milliseconds(ms: Option<f64>) -> String {
    match ms {
        None => "-".to_owned(),
        Some(ms) if ms < 1.0 => format!("{ms:.3}"),
        Some(ms) if ms < 10.0 => format!("{ms:.2}"),
        Some(ms) if ms < 100.0 => format!("{ms:.1}"),
        Some(ms) => format!("{ms:.0}"),
    }
}

fn ratio(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"))
}

fn choice(judgement: Option<Judgement>) -> String {
    match judgement {
        None => "-".to_owned(),
        Some(judgement) if judgement.good() => judgement.engine,
        Some(judgement) => {
            let how = judgement.over_fastest.map_or_else(|| "wrong".to_owned(), |ratio| format!("{ratio:.2} x"));
            format!("**{}** ({how} {})", judgement.engine, judgement.fastest)
        }
    }
}

fn table(out: &mut String, rows: &[&Row]) {
    out.push_str(
        "| | tract ms | rten ms | ort ms | tract / ort | rten / ort | chosen | / ort | of Rust | / ort | noise |\n",
    );
    out.push_str("| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | --- | ---: | ---: |\n");
    for row in rows {
        let [tract, rten, ort] = ["tract", "rten", "ort"].map(|engine| milliseconds(row.ms(engine)));
        let [of_tract, of_rten] = ["tract", "rten"].map(|engine| ratio(row.over_ort(engine)));
        let over = |chosen: &Result<Chosen, String>| ratio(chosen.as_ref().ok().and_then(|chosen| chosen.over_ort));
        let _ = writeln!(
            out,
            "| {} | {tract} | {rten} | {ort} | {of_tract} | {of_rten} | {} | {} | {} | {} | {:.0} % |",
            row.title,
            choice(row.of_all()),
            over(&row.automatic.of_all),
            choice(row.of_rust()),
            over(&row.automatic.of_rust),
            100.0 * row.noise(),
        );
    }
}

/// Geometric means, with what they should be at most.
fn means(out: &mut String, rows: &[Row]) {
    fn served(chosen: &Result<Chosen, String>) -> Option<f64> {
        chosen.as_ref().ok().filter(|chosen| chosen.right)?.over_ort
    }
    type Ratio = fn(&Row) -> Option<f64>;
    let lines: [(&str, Ratio, [&str; 2]); 5] = [
        ("tract, as it is", |row| row.over_ort("tract"), [""; 2]),
        ("rten, as it is", |row| row.over_ort("rten"), [""; 2]),
        ("the better of the two", Row::best_rust_over_ort, ["1.5", "1.6"]),
        ("chosen of the two, served", |row| served(&row.automatic.of_rust), ["1.5", "1.6"]),
        ("chosen of all three, served", |row| served(&row.automatic.of_all), ["1.01"; 2]),
    ];
    out.push_str("| geometric mean over ort | 1 thread | goal | cases | 2 threads | goal | cases |\n");
    out.push_str("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (name, ratio, goals) in lines {
        let _ = write!(out, "| {name} |");
        for (threads, goal) in THREADS.into_iter().zip(goals) {
            let (mean, cases) = geometric_mean(rows.iter().filter(|row| row.threads == threads).filter_map(ratio));
            let mean = if cases == 0 { "-".to_owned() } else { format!("**{mean:.3}**") };
            let _ = write!(out, " {mean} | {goal} | {cases} |");
        }
        out.push('\n');
    }
}

fn choices(out: &mut String, rows: &[Row]) {
    for (name, judge) in [("all three", Row::of_all as fn(&Row) -> Option<Judgement>), ("tract and rten", Row::of_rust)]
    {
        let judged: Vec<Judgement> = rows.iter().filter_map(judge).collect();
        let count = |of: &dyn Fn(&Judgement) -> bool| judged.iter().filter(|j| of(j)).count();
        let (good, fastest) = (count(&Judgement::good), count(&|j| j.over_fastest == Some(1.0)));
        let wrong = count(&|j| j.over_fastest.is_none());
        let _ = writeln!(
            out,
            "- Of {name}: in {good} of {} cases ({:.0} %, goal 95 %) the chosen engine is the fastest that is right or \
             within {:.0} % of it; in {fastest} it is the very fastest, in {wrong} it is wrong or there is none.",
            judged.len(),
            100.0 * good as f64 / judged.len() as f64,
            100.0 * MARGIN,
        );
    }
}

/// What the tables cannot say: once for each model and engine, with the number of cases.
fn remarks(out: &mut String, rows: &[Row], absent: &[&str]) {
    let mut said: BTreeMap<(&str, String), (usize, String)> = BTreeMap::new();
    let mut say = |row: &Row, what: String, why: &str| {
        said.entry((row.model, what)).or_insert_with(|| (0, why.split_whitespace().collect::<Vec<_>>().join(" "))).0 +=
            1;
    };
    for row in rows {
        for figures in &row.direct {
            match &figures.outcome {
                Outcome::Refused(why) => say(row, format!("{} refuses", figures.engine), why),
                Outcome::Wrong(how) => say(row, format!("{} is WRONG", figures.engine), how),
                Outcome::Right(_) => {}
            }
        }
        let right: Vec<&str> = row.direct.iter().filter(|f| f.ms().is_some()).map(|f| f.engine).collect();
        match &row.automatic.of_all {
            Ok(chosen) => {
                for (engine, why) in chosen.left_out(&right) {
                    say(row, format!("{engine} is right, and left out of the choice"), why);
                }
                if chosen.choice.inputs == 0 {
                    say(row, "the choice compares nothing".to_owned(), &chosen.choice.reason);
                }
            }
            Err(why) => say(row, "nothing serves".to_owned(), why),
        }
    }
    for ((model, what), (cases, why)) in said {
        let short: String = why.chars().take(200).collect();
        let _ = writeln!(out, "- {model}, {cases} cases: {what}: {short}{}", if short == why { "" } else { "…" });
    }
    for model in absent {
        let _ = writeln!(out, "- {model}: the file is not there");
    }
}

pub fn markdown(rows: &[Row], absent: &[&str], machine: &str) -> String {
    let mut out = format!("{machine}\n\n");
    means(&mut out, rows);
    out.push('\n');
    choices(&mut out, rows);
    for threads in THREADS {
        let of: Vec<&Row> = rows.iter().filter(|row| row.threads == threads).collect();
        let _ = writeln!(out, "\n{threads} thread{}:\n", if threads == 1 { "" } else { "s" });
        table(&mut out, &of);
    }
    out.push('\n');
    remarks(&mut out, rows, absent);
    out
}
