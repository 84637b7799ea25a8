//! The password hash: the same password twice, the string taken apart, and what it costs.

use crate::experiments::prelude::*;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "password-hash",
    title: "What becomes of a password",
    group: Group::Passwords,
    claims: &[L1, L2],
    about: &[
        "When you sign up, the server gets your password, and must not keep it. It keeps a hash: a text that is made from \
         the password, from which the password cannot be had back.",
        "Whoever steals the hash can still guess: hash one word after the other and compare. So the hash is made slow and \
         hungry for memory, on purpose. Here the server hashes a word at the cost that you choose; it keeps nothing.",
    ],
    question: "The same password is hashed twice. Are the two hashes equal?",
    choices: &[
        "Yes: otherwise the server could not compare them at the log-in.",
        "No: a salt is drawn for each, and stands in the hash.",
        "Only when it is hashed on the same server.",
    ],
    parameters: &[
        Parameter::word("password", "A word to hash", 64, "correct-horse"),
        Parameter::number("memory", "Memory in KiB", 64..=HASH_MEMORY_LIMIT_KIB, 19_456),
        Parameter::number("passes", "Passes over it", 1..=HASH_ITERATIONS_LIMIT, 2),
    ],
    steps: &[
        Step("The same word, twice", "The server hashes the word twice, with argon2id."),
        Step("Taken apart", "The parts of the first hash: which function, at which cost, the salt, and the result."),
        Step("What it costs", "The same word at a quarter of the memory, at half of it, and at all of it."),
    ],
    alone: false,
    needs: &[],
    takes: 3,
    opens: &[],
    in_general: &[
        "At the log-in the server takes the salt and the cost out of the stored hash, hashes what was typed with these, \
         and compares. So equal passwords have different hashes, and nobody can prepare a list of hashes beforehand.",
        "Who guesses pays the same for each guess. That is why the cost is chosen as high as the server can bear.",
    ],
    other_browsers: "The hashing is done on the server: browsers make no difference.",
    sources: &[
        Source {
            says: "How argon2id works and what it should cost:",
            rule: "RFC 9106 §4",
            link: "https://www.rfc-editor.org/rfc/rfc9106.html#section-4",
        },
        Source {
            says: "The string that holds function, cost, salt and hash:",
            rule: "PHC string format",
            link: "https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md",
        },
        Source {
            says: "19 MiB and two passes at least:",
            rule: "OWASP ASVS 5.0, appendix C",
            link: "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x92-Appendix-C_Cryptography.md",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let (memory, passes) = (run.number("memory"), run.value("passes"));

    run.step(0).await?;
    run.saw(Lane::Browser, "The password", run.value("password"));
    let (one, other) = (hashed(&run, memory, &passes).await?, hashed(&run, memory, &passes).await?);
    run.saw(Lane::Server, "The first hash", one.phc.clone());
    run.saw(Lane::Server, "The second hash", other.phc.clone());

    run.step(1).await?;
    let names = ["function", "version", "cost: memory, passes, threads", "salt", "hash"];
    let parts = one.phc.split('$').skip(1);
    let rows = names.iter().zip(parts).map(|(name, part)| vec![(*name).to_owned(), part.to_owned()]).collect();
    run.saw(Lane::Server, "Its parts", Sight::Table(&["Part", "What stands there"], rows));

    run.step(2).await?;
    let mut bars = Vec::new();
    for memory in [memory.div_ceil(4), memory.div_ceil(2), memory] {
        let Hashed { micros, memory_kib, .. } = hashed(&run, memory.max(8), &passes).await?;
        let milliseconds = micros as f64 / 1_000.0;
        bars.push((format!("{} KiB", thousands(memory_kib.into())), milliseconds, format!("{milliseconds:.1} ms")));
    }
    run.saw(Lane::Server, "Time for one hash", Sight::Bars(bars));

    let milliseconds = one.micros as f64 / 1_000.0;
    let cost = format!("One took {milliseconds:.1} ms and {} KiB of memory.", thousands(memory.into()));
    Ok(match one.phc == other.phc {
        false => Verdict::holds(1, format!("Two hashes of one word, and they differ from the salt on. {cost}")),
        true => Verdict::does_not_hold(0, format!("The two hashes are equal: there is no salt. {cost}")),
    })
}

async fn hashed(run: &Run, memory: u32, passes: &str) -> Result<Hashed, Trouble> {
    let (password, memory) = (run.value("password"), memory.to_string());
    let fields = [("password", password.as_str()), ("memory_kib", &memory), ("iterations", passes)];
    run.ask(&Ask::post("/lab/hash", &fields)).await?.ok()?.json()
}
