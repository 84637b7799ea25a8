//! What a check does: the page that only who is logged in sees, and the requests that log in and out (a TOML file).

use serde::{Deserialize, Deserializer, de::Error};
use std::{collections::BTreeMap, env, fs, path::Path, time::Duration};

/// The file, read and found sound.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The path of a page that answers those who are logged in otherwise than strangers. It is asked for by GET, often.
    pub page: String,
    /// What stands on that page for those who are logged in alone, where status and redirect do not tell.
    pub shows: Option<String>,
    /// The names of the cookies that carry the session, where the check would find others.
    #[serde(default)]
    pub session: Vec<String>,
    /// How long nothing is asked, to see whether the session ends by itself, such as `30m`.
    #[serde(default, deserialize_with = "span")]
    pub idle: Option<Duration>,
    /// The requests that log in.
    pub login: Vec<Step>,
    /// The requests that log out.
    #[serde(default)]
    pub logout: Vec<Step>,
}

/// A request. Its redirects are followed.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The path that is asked for by GET.
    pub get: Option<String>,
    /// The path that is sent something by POST.
    pub post: Option<String>,
    /// The fields of a form; the hidden ones of the page before are sent along.
    pub form: Option<BTreeMap<String, String>>,
    /// A JSON object.
    pub json: Option<toml::Table>,
    /// Header fields.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// Stands for the value of a cookie: `$cookie:csrftoken`.
pub const COOKIE: &str = "$cookie:";

impl Plan {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn read(file: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        Self::parse(&text, |name| env::var(name).ok()).map_err(|reason| format!("{}: {reason}", file.display()))
    }

    /// Reads the text of a file. `variable` knows what stands for `$NAME`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let mut plan: Self = toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
        if plan.login.is_empty() {
            return Err("it needs one [[login]] at least, such as post = \"/login\"".into());
        }
        is_path(&plan.page)?;
        for step in plan.login.iter_mut().chain(&mut plan.logout) {
            step.settle(&variable)?;
        }
        Ok(plan)
    }

    /// The requests of the log-in that only ask for something, up to the first that sends, and the others.
    pub fn asked_and_sent(&self) -> (&[Step], &[Step]) {
        let first = self.login.iter().position(|step| step.post.is_some());
        self.login.split_at(first.unwrap_or(self.login.len()))
    }
}

impl Step {
    /// The path that it asks for.
    pub fn path(&self) -> &str {
        self.get.as_deref().or(self.post.as_deref()).unwrap_or_default()
    }

    fn settle(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<(), String> {
        if self.get.is_some() == self.post.is_some() {
            return Err("each request has either get or post, with a path".into());
        }
        is_path(self.path())?;
        if self.get.is_some() && (self.form.is_some() || self.json.is_some()) {
            return Err(format!("get = {:?} sends no form and no json", self.path()));
        }
        if self.form.is_some() && self.json.is_some() {
            return Err(format!("post = {:?} sends either a form or json", self.path()));
        }
        let texts = self.form.iter_mut().chain([&mut self.headers]).flat_map(BTreeMap::values_mut);
        let mut texts: Vec<_> = texts.collect();
        for (_, value) in self.json.iter_mut().flatten() {
            texts_of(value, &mut texts);
        }
        for text in texts {
            if let Some(name) = text.strip_prefix('$').filter(|_| !text.starts_with(COOKIE)) {
                *text =
                    variable(name).ok_or_else(|| format!("the environment has no {name}, which ${name} stands for"))?;
            }
        }
        Ok(())
    }
}

fn span<'de, D: Deserializer<'de>>(text: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(text)?;
    humantime::parse_duration(&text)
        .map(Some)
        .map_err(|error| D::Error::custom(format!("{error}; write it as 90s or 30m")))
}

/// All texts of a value.
fn texts_of<'a>(value: &'a mut toml::Value, texts: &mut Vec<&'a mut String>) {
    match value {
        toml::Value::String(text) => texts.push(text),
        toml::Value::Array(values) => values.iter_mut().for_each(|value| texts_of(value, texts)),
        toml::Value::Table(members) => members.iter_mut().for_each(|(_, value)| texts_of(value, texts)),
        _ => {}
    }
}

/// A path leads to the app and to nobody else.
fn is_path(text: &str) -> Result<(), String> {
    if text.starts_with('/') && !text.starts_with("//") && !text.contains('\\') {
        return Ok(());
    }
    Err(format!("{text:?} is no path of the app: it begins with one /"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn parse(text: &str) -> Result<Plan, String> {
        Plan::parse(text, |name| (name == "PASSWORD").then(|| "from the environment".to_owned()))
    }

    #[test]
    fn a_password_comes_from_the_environment_and_a_cookie_is_looked_up_when_it_is_sent() {
        let plan = parse(
            r#"
            page = "/account"
            [[login]]
            get = "/login"
            [[login]]
            post = "/login"
            form = { username = "ann", password = "$PASSWORD" }
            headers = { X-CSRF = "$cookie:csrf" }
            [[login]]
            post = "/api/login"
            json = { user = { password = "$PASSWORD", remember = true }, codes = ["$PASSWORD", 1] }
            "#,
        )
        .unwrap();
        assert_eq!(plan.login[1].form.as_ref().unwrap()["password"], "from the environment");
        assert_eq!(plan.login[1].headers["X-CSRF"], "$cookie:csrf");
        let json = serde_json::to_string(plan.login[2].json.as_ref().unwrap()).unwrap();
        assert_eq!(json.matches("from the environment").count(), 2, "{json}");
        assert!(plan.logout.is_empty() && plan.session.is_empty());
    }

    #[rstest]
    #[case::no_login("page = \"/a\"\nlogin = []", "[[login]]")]
    #[case::elsewhere("page = \"//evil.example/\"\n[[login]]\nget = \"/\"", "no path of the app")]
    #[case::backslash("page = \"/\\\\evil.example\"\n[[login]]\nget = \"/\"", "no path of the app")]
    #[case::origin("page = \"/a\"\n[[login]]\npost = \"http://evil.example/\"", "no path of the app")]
    #[case::both("page = \"/a\"\n[[login]]\nget = \"/\"\npost = \"/\"", "either get or post")]
    #[case::neither("page = \"/a\"\n[[login]]\nform = {}", "either get or post")]
    #[case::get_with_form("page = \"/a\"\n[[login]]\nget = \"/\"\nform = {}", "sends no form")]
    #[case::form_and_json("page = \"/a\"\n[[login]]\npost = \"/\"\nform = {}\njson = {}", "either a form or json")]
    #[case::no_variable("page = \"/a\"\n[[login]]\npost = \"/\"\nform = { a = \"$NOBODY\" }", "NOBODY")]
    #[case::misspelt("page = \"/a\"\n[[log-in]]\npost = \"/\"", "log-in")]
    fn what_is_wrong_is_said(#[case] text: &str, #[case] expected: &str) {
        let reason = parse(text).unwrap_err();
        assert!(reason.contains(expected), "{reason}");
    }
}
