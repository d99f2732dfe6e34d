//! Text of environment variables to values. `None` means that the text does not say such a value.

use std::str::FromStr;

/// `true`, `false`, `1`, `0`, `yes`, `no`, `on`, `off`, in any case.
pub(super) fn boolean(text: &str) -> Option<bool> {
    const WORDS: [(&str, bool); 8] = [
        ("true", true),
        ("false", false),
        ("1", true),
        ("0", false),
        ("yes", true),
        ("no", false),
        ("on", true),
        ("off", false),
    ];
    let text = text.trim();
    WORDS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, value)| *value)
}

/// An integer without sign.
pub(super) fn integer<T: FromStr>(text: &str) -> Option<T> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// `none` for no limit, else what `inner` reads.
pub(super) fn limit<T>(text: &str, inner: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if text.trim().eq_ignore_ascii_case("none") { Some(None) } else { inner(text).map(Some) }
}

/// Seconds as an integer or a decimal fraction, to milliseconds. At most a thousandth of a second is told apart.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if fraction.is_empty() || fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let millis = fraction.parse::<u64>().ok()? * 10u64.pow(3 - u32::try_from(fraction.len()).ok()?);
    integer::<u64>(whole)?.checked_mul(1000)?.checked_add(millis)
}

/// A count of bytes: `1048576`, `512MiB`, `2 GB`. Units with an `i` count in 1024, those without in 1000.
pub(super) fn bytes(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 10] = [
        ("", 1),
        ("B", 1),
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("TiB", 1 << 40),
    ];
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim_start();
    let (_, factor) = UNITS.iter().find(|(name, _)| unit.eq_ignore_ascii_case(name))?;
    integer::<u64>(number)?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_counts_have_units() {
        for (text, value) in [
            ("0", Some(0)),
            ("1024", Some(1024)),
            ("512MiB", Some(512 << 20)),
            (" 2 gb ", Some(2_000_000_000)),
            ("1TiB", Some(1 << 40)),
            ("", None),
            ("MiB", None),
            ("-1", None),
            ("1.5GiB", None),
            ("512M", None),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("17179869184GiB", None),
        ] {
            assert_eq!(bytes(text), value, "{text}");
        }
    }

    #[test]
    fn seconds_keep_milliseconds() {
        for (text, value) in [
            ("300", Some(300_000)),
            ("0.5", Some(500)),
            ("1.25", Some(1250)),
            ("1.0005", None),
            ("", None),
            (".5", None),
            ("5.", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(seconds(text), value, "{text}");
        }
    }

    #[test]
    fn words_are_read_in_any_case() {
        assert_eq!(boolean(" TRUE "), Some(true));
        assert_eq!(boolean("Off"), Some(false));
        assert_eq!(boolean("2"), None);
        assert_eq!(boolean(""), None);
        assert_eq!(limit("None", integer::<u32>), Some(None));
        assert_eq!(limit("7", integer::<u32>), Some(Some(7)));
        assert_eq!(limit("+7", integer::<u32>), None);
    }
}
