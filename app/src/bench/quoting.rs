//! Texts as others read them: shells and scripts.

/// A string as scripts spell it: one of JSON is one of JavaScript (ECMAScript 2019) and of Python too.
pub(super) fn for_script(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A word as a POSIX shell reads it, whatever is in it.
pub(super) fn for_posix_shell(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// An argument of a native program as PowerShell hands it on with the argument passing `Legacy`, which is the one of Windows
/// PowerShell 5.1: it puts quotes around an argument with blanks and leaves those within it to whoever wrote it.
pub(super) fn for_powershell(argument: &str) -> String {
    let mut quoted = String::from("'");
    for c in escaped_for_argv(argument).chars() {
        // All of these end a string in single quotes (about_Quoting_Rules).
        if matches!(c, '\'' | '‘' | '’' | '‚' | '‛') {
            quoted.push(c);
        }
        quoted.push(c);
    }
    // Versions differ in what they make of a backslash at the end; a blank at the end of a field is none (RFC 9110 §5.5).
    quoted.push_str(if argument.ends_with('\\') { " '" } else { "'" });
    quoted
}

/// An argument as the Windows command prompt hands it on. A caret takes the meaning from the character after it, so cmd sees no
/// quotes at all and the program sees them all. The caret after `%` makes a variable's name one that does not exist.
pub(super) fn for_cmd(argument: &str) -> String {
    let mut escaped = escaped_for_argv(argument);
    let backslashes = escaped.len() - escaped.trim_end_matches('\\').len();
    escaped.push_str(&"\\".repeat(backslashes));
    let mut quoted = String::new();
    let mut after_percent = false;
    for c in format!("\"{escaped}\"").chars() {
        if after_percent || "\"^&|<>()!".contains(c) {
            quoted.push('^');
        }
        quoted.push(c);
        after_percent = c == '%';
    }
    quoted
}

/// What stands between an argument's quotes, but for backslashes at its end: `"` as `\"`, and backslashes before it twice
/// (`CommandLineToArgvW`).
fn escaped_for_argv(argument: &str) -> String {
    let mut escaped = String::with_capacity(argument.len());
    let mut backslashes = 0;
    for c in argument.chars() {
        if c == '"' {
            escaped.push_str(&"\\".repeat(backslashes + 1));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::process::Command;

    /// What shells give a meaning to, and what they do not.
    const WORD: &str = r#"[-a-zA-Z0-9 _=;,.:/?*~#$&|<>(){}\[\]'"`\\!^%@+‘’‚‛é漢😀\t]{0,40}"#;

    /// The first of a program's arguments, as the C runtime reads a command line (`CommandLineToArgvW`).
    fn first_argument(line: &str) -> String {
        let (mut argument, mut backslashes, mut in_quotes) = (String::new(), 0, false);
        for c in line.chars() {
            match c {
                '\\' => backslashes += 1,
                '"' => {
                    argument.push_str(&"\\".repeat(backslashes / 2));
                    if backslashes % 2 == 1 {
                        argument.push('"')
                    } else {
                        in_quotes = !in_quotes
                    }
                    backslashes = 0;
                }
                ' ' | '\t' if !in_quotes => break,
                _ => {
                    argument.push_str(&"\\".repeat(backslashes));
                    argument.push(c);
                    backslashes = 0;
                }
            }
        }
        argument + &"\\".repeat(backslashes)
    }

    /// A line as the command prompt hands it on: variables first, carets after that. Only `a` and `PATH` are set.
    fn after_cmd(line: &str) -> String {
        let mut expanded = String::new();
        let mut rest = line;
        while let Some(at) = rest.find('%') {
            expanded.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let name = rest.split('%').next().filter(|name| name.len() < rest.len());
            match name.filter(|name| ["a", "path"].contains(&&*name.split(':').next().unwrap().to_lowercase())) {
                Some(name) => {
                    expanded.push_str("EXPANDED");
                    rest = &rest[name.len() + 1..];
                }
                None => expanded.push('%'),
            }
        }
        expanded.push_str(rest);
        let (mut done, mut escaped, mut in_quotes) = (String::new(), false, false);
        for c in expanded.chars() {
            match c {
                '^' if !escaped && !in_quotes => escaped = true,
                _ => {
                    assert!(escaped || in_quotes || !"&|<>()".contains(c), "cmd acts on {c}: {line}");
                    in_quotes ^= c == '"' && !escaped;
                    done.push(c);
                    escaped = false;
                }
            }
        }
        done
    }

    /// A string in single quotes as PowerShell reads it, and the argument as it hands it on with `Legacy`.
    fn after_powershell(quoted: &str) -> String {
        let is_quote = |c: char| "'‘’‚‛".contains(c);
        let mut within = quoted.chars().skip(1).collect::<Vec<_>>();
        assert_eq!(within.pop(), Some('\''));
        let (mut text, mut at) = (String::new(), 0);
        while at < within.len() {
            if is_quote(within[at]) {
                assert!(is_quote(within[at + 1]), "the string ends early: {quoted}");
                at += 1;
            }
            text.push(within[at]);
            at += 1;
        }
        if text.contains([' ', '\t']) { format!("\"{text}\"") } else { text }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_posix_shell_reads_any_word_as_it_is(word in WORD, odd in any::<String>()) {
            for word in [word, odd.replace('\0', "")] {
                let script = format!("printf %s {}", for_posix_shell(&word));
                let output = Command::new("sh").arg("-c").arg(&script).output().unwrap();
                prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), word);
            }
        }

        #[test]
        fn the_command_prompt_and_a_program_under_it_read_any_argument_as_it_is(word in WORD) {
            prop_assert_eq!(first_argument(&after_cmd(&for_cmd(&word))), word);
        }

        #[test]
        fn powershell_hands_any_field_on_as_it_is(word in WORD) {
            let field = format!("Cookie: {word}");
            let read = first_argument(&after_powershell(&for_powershell(&field)));
            prop_assert_eq!(read.trim_end(), field.trim_end());
        }
    }

    #[test]
    fn each_shell_has_its_own_quotes() {
        assert_eq!(for_posix_shell("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(for_cmd(r#"a="x y""#), r#"^"a=\^"x y\^"^""#);
        assert_eq!(for_cmd("100% %PATH% !a! a^b"), "^\"100%^ %^PATH%^ ^!a^! a^^b^\"");
        assert_eq!(for_cmd(r"C:\"), r#"^"C:\\^""#);
        assert_eq!(for_powershell(r#"it's "so" $x"#), r#"'it''s \"so\" $x'"#);
        assert_eq!(for_powershell("‘x’"), "'‘‘x’’'");
    }
}
