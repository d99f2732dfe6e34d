//! Counts how often each greeting was used.
use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Clone, PartialEq)]
enum Greeting {
    Hello,
    Farewell { late: bool },
}

impl fmt::Display for Greeting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Greeting::Hello => write!(f, "hello"),
            Greeting::Farewell { late: true } => write!(f, "good night"),
            Greeting::Farewell { .. } => write!(f, "good bye"),
        }
    }
}

fn main() {
    let mut used: BTreeMap<String, usize> = BTreeMap::new();
    for hour in [8u8, 12, 18, 23] {
        let greeting = if hour < 18 {
            Greeting::Hello
        } else {
            Greeting::Farewell { late: hour > 21 }
        };
        *used.entry(greeting.to_string()).or_default() += 1;
    }
    for (text, count) in &used {
        println!("{text}: {count}");
    }
}
