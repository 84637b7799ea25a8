//! The app's policies (CSP), changed such that each allows the dock's script and frame, and nothing else that it did not allow before.

use axum::http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY},
};

/// Those that are enforced, and those whose reports would be false.
const FIELDS: [HeaderName; 2] = [CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY];
/// The directives that a script element is under, and those that a frame is under: the first that is there counts (CSP Level 3
/// §6.8.3). A further one of the first name is added beside the others, since these are about more.
const OF_SCRIPTS: [&str; 3] = ["script-src-elem", "script-src", "default-src"];
const OF_FRAMES: [&str; 3] = ["frame-src", "child-src", "default-src"];

/// How the line is allowed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Allowed {
    /// The changed lines.
    pub lines: Vec<(HeaderName, Vec<HeaderValue>)>,
    /// What the element says, where its address alone is not enough.
    pub nonce: Option<String>,
    /// Whether it was made for this answer.
    pub is_fresh: bool,
}

/// Has the policies of an answer allow the script and the frame at these addresses; `fresh` draws a nonce. None where they cannot be
/// changed so.
pub(super) fn allow(
    headers: &HeaderMap,
    script: &str,
    frame: &str,
    fresh: impl FnOnce() -> Option<String>,
) -> Option<Allowed> {
    let mut lines = Vec::new();
    for name in FIELDS {
        for line in headers.get_all(&name) {
            // Commas join policies (RFC 9110 §5.3).
            let policies = line.to_str().ok()?.split(',').map(Policy::read).collect::<Vec<_>>();
            lines.push((name.clone(), policies));
        }
    }
    let all = || lines.iter().flat_map(|(name, policies)| policies.iter().map(move |policy| (name, policy)));
    // Nothing runs on such a page. Reports know no sandbox (CSP Level 3 §6.3.2).
    if all().any(|(name, policy)| *name == CONTENT_SECURITY_POLICY && policy.keeps_scripts_out()) {
        return None;
    }
    let needs_nonce = all().any(|(_, policy)| policy.counts_nonces_alone());
    let reused = all().filter(|(_, policy)| policy.counts_nonces_alone()).find_map(|(_, policy)| policy.nonce());
    let is_fresh = needs_nonce && reused.is_none();
    let nonce = if is_fresh { Some(fresh()?) } else { reused.map(str::to_owned) };
    let of_nonce = nonce.as_ref().map(|nonce| format!("'nonce-{nonce}'"));

    let mut changed: Vec<(HeaderName, Vec<HeaderValue>)> = Vec::new();
    for (name, policies) in lines {
        let policies = policies.into_iter().map(|mut policy| {
            // A nonce would take the effect of `'unsafe-inline'` away where there was none (CSP Level 3 §6.7.3.2), an address does
            // not; `'strict-dynamic'` takes it from addresses.
            let source = of_nonce.as_deref().filter(|_| policy.counts_nonces_alone()).unwrap_or(script);
            policy.add(OF_SCRIPTS, source);
            policy.add(OF_FRAMES, frame);
            policy.directives.join(";")
        });
        let line = HeaderValue::try_from(policies.collect::<Vec<_>>().join(",")).ok()?;
        match changed.last_mut().filter(|(last, _)| *last == name) {
            Some((_, values)) => values.push(line),
            None => changed.push((name, vec![line])),
        }
    }
    Some(Allowed { lines: changed, nonce, is_fresh })
}

/// A policy as it is written: its directives, which semicolons separate.
struct Policy {
    directives: Vec<String>,
}

impl Policy {
    fn read(text: &str) -> Self {
        Self { directives: text.split(';').map(str::to_owned).collect() }
    }

    /// The directive that counts of these names, in the order in which they stand in for each other. Of several with one name the
    /// first counts (CSP Level 3 §2.2.1).
    fn effective(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.directives.iter().position(|directive| is_named(directive, name)))
    }

    fn script_sources(&self) -> impl Iterator<Item = &str> {
        self.effective(&OF_SCRIPTS).into_iter().flat_map(|at| sources(&self.directives[at]))
    }

    /// Whether addresses do not count for scripts (CSP Level 3 §8.2).
    fn counts_nonces_alone(&self) -> bool {
        self.script_sources().any(|source| source.eq_ignore_ascii_case("'strict-dynamic'"))
    }

    /// A nonce for scripts (CSP Level 3 §2.3.1, `nonce-source`).
    fn nonce(&self) -> Option<&str> {
        self.script_sources().find_map(|source| {
            let (kind, rest) = source.split_at_checked("'nonce-".len())?;
            let nonce = rest.strip_suffix('\'').filter(|_| kind.eq_ignore_ascii_case("'nonce-"))?;
            let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte);
            (!nonce.is_empty() && nonce.bytes().all(is_base64)).then_some(nonce)
        })
    }

    /// Whether its sandbox runs no scripts (HTML §7.1.5).
    fn keeps_scripts_out(&self) -> bool {
        let sandbox = self.effective(&["sandbox"]);
        sandbox.is_some_and(|at| !sources(&self.directives[at]).any(|flag| flag.eq_ignore_ascii_case("allow-scripts")))
    }

    /// Adds a source to what counts of these directives; where none of them is there, everything is allowed.
    fn add(&mut self, names: [&str; 3], source: &str) {
        let Some(at) = self.effective(&names) else { return };
        let counting = &self.directives[at];
        if sources(counting).any(|listed| listed == source) {
            return;
        }
        // `'none'` counts alone only.
        let listed = sources(counting).filter(|listed| !listed.eq_ignore_ascii_case("'none'"));
        let list = listed.chain([source]).collect::<Vec<_>>().join(" ");
        if is_named(counting, names[0]) {
            let before = &counting[..counting.len() - counting.trim_start().len()];
            self.directives[at] = format!("{before}{} {list}", names[0]);
            return;
        }
        let is_blank = |directive: &String| directive.trim().is_empty();
        while self.directives.last().is_some_and(is_blank) {
            self.directives.pop();
        }
        self.directives.push(format!(" {} {list}", names[0]));
    }
}

fn is_named(directive: &str, name: &str) -> bool {
    directive.split_ascii_whitespace().next().is_some_and(|named| named.eq_ignore_ascii_case(name))
}

/// What a directive lists behind its name.
fn sources(directive: &str) -> impl Iterator<Item = &str> {
    directive.split_ascii_whitespace().skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const SCRIPT: &str = "http://127.0.0.1:3000/dock.js";
    const FRAME: &str = "http://127.0.0.1:3000/dock";

    fn allowed(lines: &[(HeaderName, &str)]) -> Option<Allowed> {
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(name.clone(), line.parse().unwrap());
        }
        allow(&headers, SCRIPT, FRAME, || Some("fresh".into()))
    }

    /// In a policy `S` stands for the script's address and `F` for the frame's.
    fn spelled(policy: &str) -> String {
        let words = policy.split(' ').map(|word| match word.trim_end_matches([';', ',']) {
            "S" => word.replace('S', SCRIPT),
            "F" => word.replace('F', FRAME),
            _ => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[rstest]
    #[case::nothing_about_either("img-src 'self'; object-src 'none'", "img-src 'self'; object-src 'none'")]
    #[case::everything_by_default(
        "default-src 'self'",
        "default-src 'self'; script-src-elem 'self' S; frame-src 'self' F"
    )]
    #[case::nothing_by_default("default-src 'none'", "default-src 'none'; script-src-elem S; frame-src F")]
    #[case::an_empty_list("default-src", "default-src; script-src-elem S; frame-src F")]
    #[case::scripts(
        "script-src 'self' cdn.example",
        "script-src 'self' cdn.example; script-src-elem 'self' cdn.example S"
    )]
    #[case::inline_scripts_stay_allowed(
        "script-src 'unsafe-inline' 'unsafe-eval'",
        "script-src 'unsafe-inline' 'unsafe-eval'; script-src-elem 'unsafe-inline' 'unsafe-eval' S"
    )]
    #[case::script_elements("script-src 'none'; script-src-elem 'self'", "script-src 'none'; script-src-elem 'self' S")]
    #[case::no_script_elements("script-src-elem 'none'; img-src *", "script-src-elem S; img-src *")]
    #[case::with_a_nonce_beside_addresses(
        "script-src 'nonce-abc' 'self'",
        "script-src 'nonce-abc' 'self'; script-src-elem 'nonce-abc' 'self' S"
    )]
    #[case::frames("frame-src https://a.example", "frame-src https://a.example F")]
    #[case::no_frames("frame-src 'none'", "frame-src F")]
    #[case::children("child-src blob:", "child-src blob:; frame-src blob: F")]
    #[case::frames_before_children("child-src 'none'; frame-src *", "child-src 'none'; frame-src * F")]
    #[case::in_capitals(
        "Default-Src 'NONE'; SCRIPT-SRC-ELEM 'Self'",
        "Default-Src 'NONE'; script-src-elem 'Self' S; frame-src F"
    )]
    #[case::the_first_of_two_counts(
        "script-src-elem 'self'; script-src-elem 'none'",
        "script-src-elem 'self' S; script-src-elem 'none'"
    )]
    #[case::with_a_semicolon_at_the_end(
        "default-src 'self' ; ",
        "default-src 'self' ; script-src-elem 'self' S; frame-src 'self' F"
    )]
    #[case::several_policies_in_one_line(
        "default-src 'self', frame-src 'none', img-src *",
        "default-src 'self'; script-src-elem 'self' S; frame-src 'self' F, frame-src F, img-src *"
    )]
    #[case::where_it_is_allowed_already(
        "script-src-elem S; frame-src F; default-src 'none'",
        "script-src-elem S; frame-src F; default-src 'none'"
    )]
    #[case::a_sandbox_that_runs_scripts("sandbox allow-scripts allow-forms", "sandbox allow-scripts allow-forms")]
    #[case::nothing_at_all("", "")]
    fn a_policy_allows_the_line_and_nothing_else(#[case] policy: &str, #[case] expected: &str) {
        for name in FIELDS {
            let allowed = allowed(&[(name.clone(), &spelled(policy))]).unwrap();
            assert_eq!(allowed.lines, [(name, vec![spelled(expected).parse().unwrap()])]);
            assert_eq!((allowed.nonce, allowed.is_fresh), (None, false));
        }
    }

    #[rstest]
    #[case::which_the_page_has(
        "script-src 'strict-dynamic' 'nonce-aB3+/-_=' 'unsafe-inline' https:",
        Some("aB3+/-_="),
        "script-src 'strict-dynamic' 'nonce-aB3+/-_=' 'unsafe-inline' https:"
    )]
    #[case::in_capitals(
        "script-src 'Strict-Dynamic' 'NONCE-a'; frame-src 'self'",
        Some("a"),
        "script-src 'Strict-Dynamic' 'NONCE-a'; frame-src 'self' F; script-src-elem 'Strict-Dynamic' 'NONCE-a' 'nonce-a'"
    )]
    #[case::by_default(
        "default-src 'strict-dynamic' 'nonce-a'",
        Some("a"),
        "default-src 'strict-dynamic' 'nonce-a'; frame-src 'strict-dynamic' 'nonce-a' F"
    )]
    #[case::drawn_beside_hashes(
        "script-src 'strict-dynamic' 'sha256-x'",
        Some("fresh"),
        "script-src 'strict-dynamic' 'sha256-x'; script-src-elem 'strict-dynamic' 'sha256-x' 'nonce-fresh'"
    )]
    #[case::drawn_where_it_is_none(
        "script-src-elem 'strict-dynamic' 'nonce-\"'",
        Some("fresh"),
        "script-src-elem 'strict-dynamic' 'nonce-\"' 'nonce-fresh'"
    )]
    #[case::for_one_policy_of_two(
        "script-src 'self', script-src 'strict-dynamic' 'nonce-a'",
        Some("a"),
        "script-src 'self'; script-src-elem 'self' S, script-src 'strict-dynamic' 'nonce-a'"
    )]
    #[case::for_two_policies_with_two(
        "script-src 'strict-dynamic' 'nonce-a', script-src 'strict-dynamic' 'nonce-b'",
        Some("a"),
        "script-src 'strict-dynamic' 'nonce-a', script-src 'strict-dynamic' 'nonce-b'; script-src-elem 'strict-dynamic' 'nonce-b' 'nonce-a'"
    )]
    fn under_strict_dynamic_the_element_has_a_nonce(
        #[case] policy: &str,
        #[case] nonce: Option<&str>,
        #[case] expected: &str,
    ) {
        let allowed = allowed(&[(CONTENT_SECURITY_POLICY, policy)]).unwrap();
        assert_eq!(allowed.lines, [(CONTENT_SECURITY_POLICY, vec![spelled(expected).parse().unwrap()])]);
        assert_eq!((allowed.nonce.as_deref(), allowed.is_fresh), (nonce, nonce == Some("fresh")));
    }

    #[test]
    fn each_line_of_each_field_is_changed() {
        let lines = [
            (CONTENT_SECURITY_POLICY, "script-src 'self'"),
            (CONTENT_SECURITY_POLICY, "frame-src 'none'"),
            (CONTENT_SECURITY_POLICY_REPORT_ONLY, "script-src-elem 'none'; report-uri /r"),
        ];
        let value = |text| spelled(text).parse::<HeaderValue>().unwrap();
        assert_eq!(
            allowed(&lines).unwrap().lines,
            [
                (
                    CONTENT_SECURITY_POLICY,
                    vec![value("script-src 'self'; script-src-elem 'self' S"), value("frame-src F")]
                ),
                (CONTENT_SECURITY_POLICY_REPORT_ONLY, vec![value("script-src-elem S; report-uri /r")]),
            ]
        );
        assert_eq!(allowed(&[]), Some(Allowed { lines: Vec::new(), nonce: None, is_fresh: false }));
    }

    #[test]
    fn a_page_whose_policy_cannot_be_changed_so_is_left_alone() {
        assert_eq!(allowed(&[(CONTENT_SECURITY_POLICY, "sandbox allow-forms")]), None);
        assert_eq!(allowed(&[(CONTENT_SECURITY_POLICY, "default-src 'self', SANDBOX")]), None);
        assert!(allowed(&[(CONTENT_SECURITY_POLICY_REPORT_ONLY, "sandbox")]).is_some());
        assert_eq!(allowed(&[(CONTENT_SECURITY_POLICY, "script-src \u{e9}")]), None);
    }
}
