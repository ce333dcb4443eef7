//! Which tests of a file run, and in which order.

use super::protocol::{Kind, Mode, Node};

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Planned {
    Begin(Suite),
    Test {
        id: u32,
        path: Vec<String>,
        timeout_ms: Option<u64>,
        hooks_ms: u64,
        stack: String,
    },
    /// It does not run; why is told.
    Skip {
        path: Vec<String>,
        reason: &'static str,
    },
    Todo {
        path: Vec<String>,
    },
    End(Suite),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suite {
    pub(super) id: u32,
    pub(super) path: Vec<String>,
    pub(super) before_ms: u64,
    pub(super) after_ms: u64,
    pub(super) stack: String,
}

/// Between the names of a suite and of what is in it, as tests are called on the command line.
const SEPARATOR: &str = " > ";

struct Planner<'a> {
    filter: Option<&'a str>,
    plan: Vec<Planned>,
}

/// What holds for all of a suite.
#[derive(Clone, Copy)]
struct Inherited {
    /// Tests are chosen unless they say otherwise.
    chosen: bool,
    skipped: bool,
    timeout_ms: Option<u64>,
}

/// Everything of the tree whose full name holds `filter`, upper and lower case alike. Suites without a test that runs
/// are not begun.
pub(super) fn plan(root: &Node, filter: Option<&str>) -> Vec<Planned> {
    let mut planner = Planner { filter, plan: Vec::new() };
    planner.suite(root, &[], Inherited { chosen: !has_only(root), skipped: false, timeout_ms: None });
    planner.plan
}

impl Planner<'_> {
    fn suite(&mut self, node: &Node, path: &[String], above: Inherited) {
        let skipped = above.skipped || matches!(node.mode, Mode::Skip | Mode::Todo);
        let marked = node.mode == Mode::Only && !node.children.iter().any(is_or_has_only);
        let within =
            Inherited { chosen: above.chosen || marked, skipped, timeout_ms: node.timeout_ms.or(above.timeout_ms) };
        let Node { id, before_ms, after_ms, .. } = *node;
        let suite = Suite { id, path: path.to_vec(), before_ms, after_ms, stack: node.stack.clone() };
        let begun_at = self.plan.len();
        self.plan.push(Planned::Begin(suite.clone()));
        for child in &node.children {
            let path: Vec<String> = path.iter().chain([&child.name]).cloned().collect();
            match child.kind {
                Kind::Suite => self.suite(child, &path, within),
                Kind::Test => self.test(child, path, within),
            }
        }
        if self.plan[begun_at..].iter().any(|planned| matches!(planned, Planned::Test { .. })) {
            self.plan.push(Planned::End(suite));
        } else {
            self.plan.remove(begun_at);
        }
    }

    fn test(&mut self, node: &Node, path: Vec<String>, within: Inherited) {
        let wanted = |filter: &str| path.join(SEPARATOR).to_lowercase().contains(&filter.to_lowercase());
        if self.filter.is_some_and(|filter| !wanted(filter)) {
            return;
        }
        self.plan.push(match node.mode {
            Mode::Todo => Planned::Todo { path },
            Mode::Skip => Planned::Skip { path, reason: "" },
            _ if within.skipped => Planned::Skip { path, reason: "" },
            Mode::Run if !within.chosen => Planned::Skip { path, reason: "another one is marked only" },
            Mode::Run | Mode::Only => {
                let timeout_ms = node.timeout_ms.or(within.timeout_ms);
                Planned::Test { id: node.id, path, timeout_ms, hooks_ms: node.hooks_ms, stack: node.stack.clone() }
            }
        });
    }
}

fn has_only(node: &Node) -> bool {
    node.children.iter().any(is_or_has_only)
}

fn is_or_has_only(node: &Node) -> bool {
    node.mode == Mode::Only || has_only(node)
}

/// The longest time that any step of the plan may take, in milliseconds, where those have `default_ms` that say nothing.
pub(super) fn longest_ms(plan: &[Planned], default_ms: u64) -> u64 {
    let of = |planned: &Planned| match planned {
        Planned::Test { timeout_ms, hooks_ms, .. } => timeout_ms.unwrap_or(default_ms) + hooks_ms,
        Planned::Begin(suite) | Planned::End(suite) => default_ms + suite.before_ms.max(suite.after_ms),
        Planned::Skip { .. } | Planned::Todo { .. } => 0,
    };
    plan.iter().map(of).fold(default_ms, u64::max)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn test(id: u32, name: &str, mode: &str) -> Value {
        json!({ "id": id, "kind": "test", "name": name, "mode": mode, "timeout_ms": null })
    }

    fn suite(id: u32, name: &str, mode: &str, children: Vec<Value>) -> Value {
        json!({ "id": id, "kind": "suite", "name": name, "mode": mode, "timeout_ms": null, "children": children })
    }

    /// One word for each step.
    fn words(root: Value, filter: Option<&str>) -> String {
        let root: Node = serde_json::from_value(root).expect("a tree");
        let word = |planned: &Planned| match planned {
            Planned::Begin(suite) => format!("({}", suite.id),
            Planned::Test { id, .. } => id.to_string(),
            Planned::Skip { path, .. } => format!("-{}", path.join("/")),
            Planned::Todo { path } => format!("?{}", path.join("/")),
            Planned::End(suite) => format!("{})", suite.id),
        };
        plan(&root, filter).iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn suites_are_around_their_tests() {
        let inner = suite(2, "s", "run", vec![test(3, "a", "run"), test(4, "b", "skip"), test(5, "c", "todo")]);
        let empty = suite(6, "e", "run", vec![test(7, "d", "skip")]);
        let root = suite(0, "", "run", vec![test(1, "x", "run"), inner, empty]);
        assert_eq!(words(root, None), "(0 1 (2 3 -s/b ?s/c 2) -e/d 0)");
    }

    #[test]
    fn only_leaves_the_others_out() {
        let marked = suite(1, "s", "only", vec![test(2, "a", "run"), test(3, "b", "run")]);
        let root = suite(0, "", "run", vec![marked, test(4, "c", "run"), test(5, "d", "only")]);
        assert_eq!(words(root, None), "(0 (1 2 3 1) -c 5 0)");
        let narrower = suite(1, "s", "only", vec![test(2, "a", "only"), test(3, "b", "run")]);
        assert_eq!(words(suite(0, "", "run", vec![narrower]), None), "(0 (1 2 -s/b 1) 0)");
        let skipped = suite(1, "s", "skip", vec![test(2, "a", "only")]);
        assert_eq!(words(suite(0, "", "run", vec![skipped]), None), "-s/a");
    }

    #[test]
    fn a_filter_is_a_part_of_the_full_name() {
        let inner = suite(1, "Users", "run", vec![test(2, "are made", "run"), test(3, "are kept", "run")]);
        let root = || suite(0, "", "run", vec![inner.clone(), test(4, "made of", "run")]);
        assert_eq!(words(root(), Some("users > are K")), "(0 (1 3 1) 0)");
        assert_eq!(words(root(), Some("made")), "(0 (1 2 1) 4 0)");
        assert_eq!(words(root(), Some("nothing")), "");
    }
}
