use super::*;

const HEADER: &str = "
/* A comment; with { braces. */
#define NOODLE_ABI_VERSION 1
#ifdef __cplusplus
extern \"C\" {
#endif // __cplusplus
typedef int32_t noodle_kind;
enum {
    /** The first. */
    NOODLE_KIND_A = 1,
    NOODLE_KIND_B = 2,
};
typedef struct noodle_pair {
    const char *key;
    float value;
} noodle_pair;
typedef struct noodle_list {
    const noodle_pair *items;
    size_t count;
} noodle_list;
struct noodle_thing {
    size_t size;
    noodle_kind kind;
    bool has_limit;
    uint64_t limit;
    noodle_list list;
    union {
        const noodle_pair *one;
        const noodle_list *many;
    } of;
    bool last;
};
typedef void (*noodle_done)(void *context,
                            noodle_kind kind);
noodle_status noodle_do(const struct noodle_thing *thing, const char *const *names,
                        noodle_done done);
uint32_t noodle_abi_version(void);
#ifdef __cplusplus
} // extern
#endif
";

fn after(from: &str, to: &str) -> Result {
    assert!(HEADER.contains(from), "{from}");
    let (before, now) = (header::parse(HEADER)?, header::parse(&HEADER.replacen(from, to, 1))?);
    settled(&before, &now)
}

#[test]
fn layouts_are_those_of_the_compiler() {
    let interface = header::parse(HEADER).unwrap();
    let thing = &interface.structs["noodle_thing"];
    let places: Vec<_> = thing.fields.iter().map(|field| (field.name.as_str(), field.at)).collect();
    let expected = [("size", 0), ("kind", 8), ("has_limit", 12), ("limit", 16), ("list", 24), ("of.one", 40)];
    assert_eq!(places[..6], expected);
    assert_eq!(places[6..], [("of.many", 40), ("last", 48)]);
    assert_eq!((thing.size, thing.align), (56, 8));
    assert_eq!(
        interface.functions["noodle_do"],
        "noodle_status (const noodle_thing *, const char *const *, noodle_done)"
    );
    assert_eq!(interface.functions["noodle_abi_version"], "uint32_t (void)");
    assert_eq!(interface.types["noodle_done"], "void (void *, noodle_kind)");
    assert_eq!(Interface::read(&interface.text()).unwrap(), interface);
}

#[test]
fn what_is_added_at_the_end_is_no_break() {
    after("    bool last;\n", "    bool last;\n    const char *more;\n").unwrap();
    after("NOODLE_KIND_B = 2,", "NOODLE_KIND_B = 2, NOODLE_KIND_C = 3,").unwrap();
    after("*many;\n", "*many;\n        const char *text;\n").unwrap();
    after("uint32_t noodle_abi_version(void);", "uint32_t noodle_abi_version(void); void noodle_new(void);").unwrap();
    after("*thing, const char", "*renamed, const char").unwrap();
}

#[test]
fn what_breaks_is_named() {
    for (from, to, expected) in [
        ("NOODLE_KIND_A = 1", "NOODLE_KIND_A = 3", "NOODLE_KIND_A was 1 and is 3"),
        ("    NOODLE_KIND_B = 2,\n", "", "NOODLE_KIND_B is gone; it was 2"),
        (
            "    uint64_t limit;",
            "    uint32_t limit;",
            "noodle_thing.limit was `uint64_t` at byte 16 and is `uint32_t`",
        ),
        ("    bool has_limit;\n", "", "noodle_thing.has_limit is gone; it was `bool` at byte 12"),
        (
            "    uint64_t limit;",
            "    uint64_t big; uint64_t limit;",
            "noodle_thing.limit was `uint64_t` at byte 16 and",
        ),
        ("    bool last;", "    bool last; bool more;", "noodle_thing.more is new at byte 49, within the 56 bytes"),
        (
            "    float value;",
            "    float value; double more;",
            "noodle_pair.more is new, but noodle_pair does not begin",
        ),
        ("typedef int32_t noodle_kind", "typedef uint8_t noodle_kind", "noodle_kind was int32_t and is uint8_t"),
        ("uint32_t noodle_abi_version(void);", "", "noodle_abi_version is gone; it was uint32_t (void)"),
        (
            "void *context,",
            "const void *context,",
            "noodle_done was void (void *, noodle_kind) and is void (const void",
        ),
    ] {
        let message = after(from, to).expect_err(to);
        assert!(message.contains(expected) && message.contains("raise NOODLE_ABI_VERSION"), "{message}");
    }
}

#[test]
fn another_version_may_break() {
    let now = HEADER.replace("NOODLE_KIND_A = 1", "NOODLE_KIND_A = 3");
    let now = now.replace("NOODLE_ABI_VERSION 1", "NOODLE_ABI_VERSION 2");
    settled(&header::parse(HEADER).unwrap(), &header::parse(&now).unwrap()).unwrap();
}
