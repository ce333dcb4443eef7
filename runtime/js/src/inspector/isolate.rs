//! The debugger's side of one isolate, on its thread.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Context;

use deno_core::{JsRuntime, v8};
use v8::inspector::{
    Channel, StringBuffer, StringView, V8Inspector, V8InspectorClient, V8InspectorClientImpl,
    V8InspectorClientTrustLevel, V8InspectorSession,
};
use worky_host::standstill::Standstill;

use super::mailbox::{Mailbox, Order};
use super::sources::Sources;
use super::target::{Hold, Inspected, Presence};
use crate::watchdog::Meter;

/// An isolate has one context, whose front ends are all of one group.
const GROUP: i32 = 1;

/// Front ends take it for the context of a page, or of Node's main thread: the one to evaluate in.
const CONTEXT: &str = r#"{"isDefault": true, "type": "default"}"#;

/// Front ends that know Node know this reason: Visual Studio Code shows it as "paused on entry".
const BREAK_ON_START: &str = "Break on start";

/// What is obeyed even while an earlier message is: it ends what that one began.
const URGENT: [&str; 2] = ["\"Runtime.terminateExecution\"", "\"Debugger.pause\""];

/// Contexts that there were in any isolate. Visual Studio Code keeps the scripts of contexts that are gone, and takes a
/// script of a new isolate for one of them where both numbers are the same: so contexts have numbers of their own.
static CONTEXTS: AtomicU32 = AtomicU32::new(0);

/// Of so many contexts in a row no two have the same number.
const CONTEXT_NUMBERS: u32 = 1_000;

thread_local! {
    /// Of the isolate on this thread.
    static CURRENT: RefCell<Weak<Inspection>> = const { RefCell::new(Weak::new()) };
}

fn current() -> Option<Rc<Inspection>> {
    CURRENT.with_borrow(Weak::upgrade)
}

/// Makes an isolate visible to front ends for as long as it is there. Fields drop in this order: sessions before the
/// inspector that made them.
pub(crate) struct Inspection {
    sessions: RefCell<BTreeMap<u32, Rc<V8InspectorSession>>>,
    inspector: V8Inspector,
    context: v8::Global<v8::Context>,
    isolate: v8::UnsafeRawIsolatePtr,
    mailbox: Arc<Mailbox>,
    presence: Presence,
    hold: Cell<Hold>,
    meter: Arc<Meter>,
    /// V8 holds the guest, and waits for a front end to let it go on.
    held: Cell<bool>,
    /// A message is being obeyed.
    busy: Cell<bool>,
}

impl Inspection {
    /// It must be dropped before the runtime.
    pub(crate) fn begin(inspected: &Inspected, runtime: &mut JsRuntime, meter: &Arc<Meter>) -> Rc<Self> {
        let context = runtime.main_context();
        let mailbox = Mailbox::new(runtime.v8_isolate().thread_safe_handle());
        // SAFETY: the pointer is used on this thread alone, and not after this value is dropped, which is before the
        // isolate is.
        let isolate = unsafe { runtime.v8_isolate().as_raw_isolate_ptr() };
        let client = V8InspectorClient::new(Box::new(Client { sources: inspected.sources().clone() }));
        let inspector = V8Inspector::create(runtime.v8_isolate(), client);
        {
            v8::scope_with_context!(scope, runtime.v8_isolate(), &context);
            let context = v8::Local::new(scope, &context);
            let name = StringView::from(inspected.worker().as_bytes());
            let created = |name| inspector.context_created(context, GROUP, name, StringView::from(CONTEXT.as_bytes()));
            // V8 gives each context of an inspector the next number, from 1.
            for _ in 0..CONTEXTS.fetch_add(1, Ordering::Relaxed) % CONTEXT_NUMBERS {
                created(name);
                inspector.context_destroyed(context);
            }
            created(name);
        }
        let (presence, hold) = inspected.enter(mailbox.clone());
        let inspection = Rc::new(Inspection {
            sessions: RefCell::default(),
            inspector,
            context,
            isolate,
            mailbox,
            presence,
            hold: Cell::new(hold),
            meter: meter.clone(),
            held: Cell::new(false),
            busy: Cell::new(false),
        });
        CURRENT.set(Rc::downgrade(&inspection));
        inspection
    }

    /// Before the worker moves in: what front ends have asked of earlier isolates holds for them, too.
    pub(crate) fn before_start(&self) {
        self.obey_all();
        if self.hold.get().waits {
            tracing::info!(worker = self.presence.worker(), "waits for a debugger to attach");
            let _still = Standstill::begin();
            while self.hold.get().waits {
                let order = self.mailbox.wait();
                self.obey(order);
            }
        }
    }

    /// Once nothing but the worker's modules is left to run: V8 stops at the first statement of anybody's.
    pub(crate) fn before_modules(&self) {
        if self.hold.get().breaks {
            let (reason, detail) = (StringView::from(BREAK_ON_START.as_bytes()), StringView::from(&b"{}"[..]));
            for session in self.sessions.borrow().values() {
                session.schedule_pause_on_next_statement(reason, detail);
            }
        }
    }

    /// Obeys what has come, and has `cx` woken by what comes later. Answers whether a front end is attached.
    pub(crate) fn turn(&self, cx: &mut Context<'_>) -> bool {
        self.mailbox.register(cx.waker());
        self.obey_all();
        !self.sessions.borrow().is_empty()
    }

    fn obey_all(&self) {
        while let Some(order) = self.mailbox.take() {
            self.obey(order);
        }
    }

    fn obey(&self, order: Order) {
        match order {
            Order::Attach { link, again } => {
                let id = link.front_end.id;
                let (channel, state) = (Channel::new(Box::new(link)), StringView::empty());
                let trust = V8InspectorClientTrustLevel::FullyTrusted;
                let session = Rc::new(self.inspector.connect(GROUP, channel, state, trust));
                self.sessions.borrow_mut().insert(id, session.clone());
                again.iter().for_each(|message| self.dispatch(&session, message));
            }
            Order::Message { front_end, text } => {
                let session = self.sessions.borrow().get(&front_end).cloned();
                if let Some(session) = session {
                    self.dispatch(&session, &text);
                }
            }
            Order::Detach { front_end } => {
                // It is dropped outside of the borrow: V8 tells of what that ends.
                let session = self.sessions.borrow_mut().remove(&front_end);
                drop(session);
            }
            Order::Release => self.release(),
        }
    }

    fn dispatch(&self, session: &V8InspectorSession, message: &str) {
        let _unbilled = self.meter.suspend();
        let was_busy = self.busy.replace(true);
        // SAFETY: this is the isolate's thread, and the isolate outlives this value.
        let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(self.isolate) };
        v8::scope_with_context!(scope, &mut isolate, &self.context);
        session.dispatch_protocol_message(StringView::from(message.as_bytes()));
        if !was_busy && !self.held.get() {
            // What was evaluated may have settled promises.
            scope.perform_microtask_checkpoint();
        }
        self.busy.set(was_busy);
    }

    fn release(&self) {
        self.hold.set(Hold { waits: false, ..self.hold.get() });
    }

    /// V8 holds the guest at a breakpoint: nothing but front ends moves it on. Once the last of them is gone it goes on.
    fn hold(&self) {
        let _still = Standstill::begin();
        let _unbilled = self.meter.suspend();
        self.held.set(true);
        let was_busy = self.busy.replace(false);
        while self.held.get() && !self.sessions.borrow().is_empty() {
            let order = self.mailbox.wait();
            self.obey(order);
        }
        self.busy.set(was_busy);
        self.held.set(false);
    }
}

impl Drop for Inspection {
    fn drop(&mut self) {
        CURRENT.set(Weak::new());
        // Before the inspector, and outside of the borrow.
        let _sessions = self.sessions.take();
    }
}

/// V8 stopped the guest for a moment because a message is there.
pub(super) fn interrupted() {
    let Some(inspection) = current() else { return };
    if !inspection.busy.get() {
        return inspection.obey_all();
    }
    let urgent = |text: &str| URGENT.iter().any(|method| text.contains(method));
    while let Some(order) = inspection.mailbox.take_message(urgent) {
        inspection.obey(order);
    }
}

/// Tells front ends of an exception that the guest did not catch.
pub(crate) fn report_exception(scope: &mut v8::PinScope<'_, '_>, exception: v8::Local<'_, v8::Value>) {
    let Some(inspection) = current() else { return };
    let context = scope.get_current_context();
    let message = v8::Exception::create_message(scope, exception);
    let stack = inspection.inspector.create_stack_trace(message.get_stack_trace(scope));
    // V8 does not always show the exception itself; its text says what was thrown.
    let text: Vec<u16> = message.get(scope).to_rust_string_lossy(scope).encode_utf16().collect();
    let (text, empty) = (StringView::from(&text[..]), StringView::empty);
    inspection.inspector.exception_thrown(context, text, exception, empty(), empty(), 0, 0, stack, 0);
}

struct Client {
    sources: Arc<Sources>,
}

impl V8InspectorClientImpl for Client {
    fn run_message_loop_on_pause(&self, _group: i32) {
        if let Some(inspection) = current() {
            inspection.hold();
        }
    }

    fn quit_message_loop_on_pause(&self) {
        if let Some(inspection) = current() {
            inspection.held.set(false);
        }
    }

    fn run_if_waiting_for_debugger(&self, _group: i32) {
        if let Some(inspection) = current() {
            inspection.release();
        }
    }

    fn ensure_default_context_in_group(&self, _group: i32) -> Option<v8::Local<'_, v8::Context>> {
        let inspection = current()?;
        // SAFETY: V8 asks on the isolate's thread, while it has a scope for what it does.
        let mut isolate = unsafe { v8::Isolate::from_raw_isolate_ptr(inspection.isolate) };
        let isolate = &mut isolate;
        // SAFETY: as above.
        v8::callback_scope!(unsafe scope, isolate);
        let context = v8::Local::new(scope, &inspection.context);
        // SAFETY: V8 uses the handle in the scope that it asks from, which encloses this one; the inspection keeps the
        // context alive.
        Some(unsafe { context.extend_lifetime_unchecked() })
    }

    fn resource_name_to_url(&self, name: &StringView<'_>) -> Option<v8::UniquePtr<StringBuffer>> {
        let name = name.to_string();
        let url = self.sources.url(&name);
        (url != name).then(|| StringBuffer::create(StringView::from(url.as_bytes())))
    }
}
