//! One mistake as it is written down: what is done, and the files it is done with.

use worky_tests::Project;
use worky_tests::project::CONFIG;

/// Where a case has no configuration of its own, one of these is its main module.
const MAINS: [&str; 3] = ["src/index.ts", "src/index.tsx", "src/index.js"];

pub(super) struct Case {
    pub(super) project: Project,
    pub(super) steps: Vec<Step>,
    /// To one `worky dev`, as a browser; what is told is about the last one.
    pub(super) requests: Vec<Request>,
    /// Stands for a port that something else listens on.
    pub(super) taken: Option<String>,
    pub(super) production: Production,
}

/// Whether requests go to `worky serve`, too.
#[derive(Clone, Copy)]
pub(super) enum Production {
    Asked,
    NotAsked,
}

/// What is done.
pub(super) enum Step {
    /// A command that ends by itself.
    Command(String),
    /// Something is added to a file.
    Append { path: String, text: String },
}

pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    /// Its content type and itself.
    pub(super) body: Option<(String, String)>,
}

impl Case {
    pub(super) fn parse(text: &str) -> Self {
        let (head, rest) = text.split_once("--- ").expect("a case has files");
        let (steps, production) = (Vec::new(), Production::NotAsked);
        let mut case = Case { project: Project::empty(), steps, requests: Vec::new(), taken: None, production };
        for line in head.lines().filter_map(|line| line.strip_prefix("> ")) {
            case = case.with_line(line);
        }
        let mut has_config = false;
        for file in rest.split("\n--- ") {
            let (name, content) = file.split_once('\n').unwrap_or((file, ""));
            has_config |= name.starts_with(CONFIG);
            case.project = match name.split_once(" (") {
                None => case.project.file(name, format!("{}\n", content.trim_end())),
                Some((name, "from text)")) => {
                    case.project.file(name, wat::parse_str(content).expect("WebAssembly text"))
                }
                Some((_, "none)")) => case.project,
                Some((name, how)) => panic!("{name}: {how}"),
            };
        }
        let main = MAINS.iter().find(|main| case.project.path().join(main).exists());
        if let (false, Some(main)) = (has_config, main) {
            let config = format!("name = \"worker\"\nmain = \"{main}\"\ncompatibility_date = \"2026-01-01\"\n");
            case.project = case.project.file(CONFIG, config);
        }
        case
    }

    fn with_line(mut self, line: &str) -> Self {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "env" => {
                let (name, value) = rest.split_once('=').expect("NAME=VALUE");
                self.project = self.project.env(name, value);
            }
            "production" => self.production = Production::Asked,
            "taken" => self.taken = Some(rest.to_owned()),
            "worky" => self.steps.push(Step::Command(rest.to_owned())),
            "append" => {
                let (path, text) = rest.split_once(' ').expect("a path and a text");
                self.steps.push(Step::Append { path: path.to_owned(), text: text.to_owned() });
            }
            method => {
                let mut words = rest.splitn(3, ' ');
                let path = words.next().expect("a path").to_owned();
                let body = words.next().map(|kind| (kind.to_owned(), words.next().expect("a body").to_owned()));
                self.requests.push(Request { method: method.to_owned(), path, body });
            }
        }
        self
    }
}
