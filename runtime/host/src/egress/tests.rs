//! The two layers together: URL forms, DNS answers and the process's own listeners.

use std::collections::VecDeque;
use std::io;

use futures_util::future::BoxFuture;
use parking_lot::Mutex;

use super::*;

/// Gives its answers one after the other, and counts the questions.
struct Scripted(Mutex<VecDeque<Vec<&'static str>>>);

impl Scripted {
    fn new(answers: &[&[&'static str]]) -> Arc<Self> {
        Arc::new(Scripted(Mutex::new(answers.iter().map(|answer| answer.to_vec()).collect())))
    }

    fn left(&self) -> usize {
        self.0.lock().len()
    }
}

impl Resolve for Scripted {
    fn resolve(&self, _host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let answer = self.0.lock().pop_front().ok_or_else(|| io::Error::other("no such name"));
        Box::pin(async { Ok(answer?.iter().map(|address| address.parse().expect("an address")).collect()) })
    }
}

fn egress(raw: RawEgress, answers: &[&[&'static str]]) -> (Egress, Arc<Scripted>, OwnListeners) {
    let (resolver, own) = (Scripted::new(answers), OwnListeners::default());
    let policy = EgressPolicy::parse(&raw).expect("a valid policy");
    (Egress::new(policy, own.clone(), resolver.clone()), resolver, own)
}

fn to(url: &str) -> Destination {
    Destination::of(&Url::parse(url).expect(url)).expect(url)
}

async fn reason(egress: &Egress, url: &str) -> &'static str {
    match egress.addresses(&to(url)).await {
        Ok(_) => "allowed",
        Err(EgressError::Denied(denied)) => denied.reason(),
        Err(EgressError::Dns { .. }) => "dns",
    }
}

#[tokio::test]
async fn addresses_in_urls_are_judged_in_every_spelling() {
    let (egress, resolver, _) = egress(RawEgress::default(), &[]);
    for (expected, urls) in [
        ("allowed", "http://1.1.1.1/ https://[2606:4700::1]/ http://0x01010101/ http://16843009/ http://1.1.1.1./"),
        ("loopback", "http://127.0.0.1/ http://127.1/ http://0x7f.1/ http://2130706433/ http://0177.0.0.1/"),
        ("loopback", "http://0x7f000001/ http://127.0.0.1./ http://[::1]/ http://[0:0:0:0:0:0:0:1]:8080/"),
        (
            "loopback",
            "http://user:pass@127.0.0.1/ http://１２７.０.０.１/ http://127。0。0。1/ http://%31%32%37.0.0.1/",
        ),
        ("ipv4-mapped", "http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[::ffff:a9fe:a9fe]/"),
        ("ipv4-compatible", "http://[::127.0.0.1]/"),
        ("private", "http://10.1.2.3/ http://172.16.0.1/ http://192.168.1.1/ http://167772161/ http://[fd12::1]/"),
        ("cloud-metadata", "http://169.254.169.254/latest/ http://2852039166/ http://[fd00:ec2::254]/"),
        ("link-local", "http://169.254.1.1/ http://[fe80::1]/"),
        ("shared", "http://100.64.0.1/"),
        ("unspecified", "http://0.0.0.0/ http://0/ http://[::]/"),
        ("multicast", "http://224.0.0.1/ http://[ff02::1]/"),
        ("broadcast", "http://255.255.255.255/"),
        ("nat64", "http://[64:ff9b::7f00:1]/ http://[64:ff9b::808:808]/"),
        ("6to4", "http://[2002:7f00:1::]/"),
        ("teredo", "http://[2001::1]/"),
    ] {
        for url in urls.split(' ') {
            assert_eq!(reason(&egress, url).await, expected, "{url}");
        }
    }
    assert_eq!(resolver.left(), 0);
}

#[tokio::test]
async fn a_name_is_checked_before_dns_is_asked() {
    let raw = RawEgress { allow: Some(vec!["https://a.test".to_owned()]), ..RawEgress::default() };
    let (egress, resolver, _) = egress(raw, &[&["1.1.1.1"]]);
    assert_eq!(reason(&egress, "https://b.test/").await, "name");
    assert_eq!(resolver.left(), 1);
    assert_eq!(reason(&egress, "https://a.test/").await, "allowed");
    assert_eq!(resolver.left(), 0);
}

#[tokio::test]
async fn every_answer_is_judged_and_only_the_good_ones_are_given() {
    let answers: &[&[&str]] =
        &[&["10.0.0.1", "1.1.1.1", "::1", "2606:4700::1"], &["10.0.0.1", "127.0.0.1"], &[], &["::ffff:1.1.1.1"]];
    let (egress, _, _) = egress(RawEgress::default(), answers);
    let addresses = egress.addresses(&to("https://mixed.test/")).await.expect("two of them are public");
    assert_eq!(addresses, ["1.1.1.1:443".parse().expect("valid"), "[2606:4700::1]:443".parse().expect("valid")]);
    assert_eq!(reason(&egress, "https://inside.test/").await, "private");
    assert_eq!(reason(&egress, "https://empty.test/").await, "dns");
    assert_eq!(reason(&egress, "https://mapped.test/").await, "ipv4-mapped");
    assert_eq!(reason(&egress, "https://unknown.test/").await, "dns");
}

#[tokio::test]
async fn a_name_that_changes_its_answer_is_judged_again() {
    let (egress, _, _) = egress(RawEgress::default(), &[&["1.1.1.1"], &["169.254.169.254"]]);
    assert_eq!(reason(&egress, "http://rebind.test/").await, "allowed");
    assert_eq!(reason(&egress, "http://rebind.test/").await, "cloud-metadata");
}

#[tokio::test]
async fn own_listeners_stay_closed_whatever_is_granted() {
    let raw = RawEgress {
        allow: Some(vec!["http://127.0.0.1:8787".to_owned(), "http://self.test:8787".to_owned()]),
        networks_allow: Some(vec!["0.0.0.0/0".to_owned(), "::/0".to_owned()]),
        ..RawEgress::default()
    };
    let (egress, _, own) = egress(raw, &[&["127.0.0.1"], &["127.0.0.1"]]);
    assert_eq!(reason(&egress, "http://127.0.0.1:8787/").await, "allowed");
    assert_eq!(reason(&egress, "http://self.test:8787/").await, "allowed");
    own.add("127.0.0.1:8787".parse().expect("valid"));
    assert_eq!(reason(&egress, "http://127.0.0.1:8787/").await, "own-listener");
    assert_eq!(reason(&egress, "http://self.test:8787/").await, "own-listener");
}

#[tokio::test]
async fn the_system_resolver_knows_this_machine() {
    let found = SystemResolver::default().resolve("localhost".to_owned()).await.expect("localhost resolves");
    assert!(!found.is_empty() && found.iter().all(IpAddr::is_loopback), "{found:?}");
}
