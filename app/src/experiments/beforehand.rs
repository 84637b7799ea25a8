//! What a visitor is told before a run: how long it takes, and what it opens or asks of them.

use super::model::{Experiment, Opens};

impl Opens {
    /// With its article.
    fn title(self) -> &'static str {
        match self {
            Self::Window => "a small window",
            Self::Tab => "a tab",
            Self::OtherSite => "a small window of the other site",
            Self::OtherPort => "a small window at the lab’s other port",
            Self::Restart => "the browser again",
        }
    }
}

/// In sentences, for the page of the experiment.
pub(super) fn in_full(experiment: &Experiment) -> String {
    let takes = duration(experiment.takes);
    match experiment.opens {
        [] => format!("A run takes {takes} and opens nothing."),
        [Opens::Restart] => format!("A run takes {takes}: you quit the browser, start it again and come back here."),
        opens => format!("A run takes {takes}. It opens {}, and closes what it opened.", listed(opens)),
    }
}

/// In a few words, for the catalogue.
pub(super) fn in_short(experiment: &Experiment) -> String {
    let takes = duration(experiment.takes);
    match experiment.opens {
        [] => format!("Takes {takes}, opens nothing"),
        [Opens::Restart] => format!("Takes {takes}, you restart the browser"),
        opens => format!("Takes {takes}, opens {}", listed(opens)),
    }
}

fn listed(opens: &[Opens]) -> String {
    opens.iter().map(|opened| opened.title()).collect::<Vec<_>>().join(" and ")
}

/// Seconds, as roughly as they can be known: browsers and machines differ.
fn duration(seconds: u16) -> String {
    match seconds {
        0..=5 => "a few seconds".to_owned(),
        6..60 => format!("about {seconds} seconds"),
        60..120 => "about a minute".to_owned(),
        _ => format!("about {} minutes", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::{catalogue::CATALOGUE, login_flow::FLOW, need::Need};

    #[test]
    fn every_experiment_tells_how_long_it_takes_and_what_it_opens() {
        for experiment in CATALOGUE.iter().chain([&FLOW]) {
            let Experiment { slug, takes, opens, needs, .. } = experiment;
            assert!((1..=600).contains(takes), "{slug}");
            let opens_windows = opens.iter().any(|opened| *opened != Opens::Restart);
            assert_eq!(opens_windows, needs.contains(&Need::Windows), "{slug}: what it opens is not what it needs");
            assert!(!opens.contains(&Opens::OtherSite) || needs.contains(&Need::OtherSite), "{slug}");
            assert_eq!(opens.contains(&Opens::OtherPort), needs.contains(&Need::OtherPort), "{slug}");
            assert!(!opens.contains(&Opens::Restart) || opens.len() == 1, "{slug}");
        }
    }

    #[test]
    fn what_is_opened_is_told_in_full_and_in_short() {
        let told = |slug: &str| {
            let experiment = CATALOGUE.iter().find(|experiment| experiment.slug == slug).unwrap();
            [in_full(experiment), in_short(experiment)]
        };
        assert_eq!(
            told("http-forgets"),
            ["A run takes a few seconds and opens nothing.", "Takes a few seconds, opens nothing"]
        );
        assert_eq!(
            told("tabs-and-windows")[0],
            "A run takes a few seconds. It opens a small window and a tab, and closes what it opened."
        );
        assert_eq!(told("close-the-browser")[1], "Takes about 2 minutes, you restart the browser");
    }

    #[test]
    fn a_duration_is_told_roughly() {
        let told = [5, 10, 60, 119, 120, 130].map(duration);
        assert_eq!(
            told,
            [
                "a few seconds",
                "about 10 seconds",
                "about a minute",
                "about a minute",
                "about 2 minutes",
                "about 3 minutes"
            ]
        );
    }
}
