//! The resources of an instance that its caller holds, by numbers that are never used twice.

use std::collections::{HashMap, HashSet};

use wasmtime::component::ResourceAny;
use worky_engine::plugin::{Field, PluginError, Type, Value};

use super::abi;

pub(super) struct Handles {
    held: HashMap<u32, Held>,
    /// The handle to give next.
    next: u32,
    /// The first handle of this instance. Those below are of earlier ones.
    first: u32,
    max: u32,
}

struct Held {
    resource: ResourceAny,
    /// The index of its class in the interface.
    class: u32,
}

impl abi::Handles for Handles {
    fn find(&self, handle: u32) -> Option<ResourceAny> {
        self.held.get(&handle).map(|held| held.resource)
    }
}

impl Handles {
    pub(super) fn new(max: u32) -> Self {
        Handles { held: HashMap::new(), next: 1, first: 1, max }
    }

    /// Checks the resources among a call's arguments. Answers with those that are given away by it.
    pub(super) fn check(&self, parameters: &[Field], values: &[Value<'_>]) -> Result<Vec<u32>, PluginError> {
        let mut uses = Uses::default();
        for (parameter, value) in parameters.iter().zip(values) {
            self.check_value(&parameter.ty, value, &mut uses)?;
        }
        let Uses { given, lent, twice } = uses;
        match twice.or_else(|| lent.into_iter().find(|handle| given.contains(handle))) {
            Some(handle) => Err(PluginError::Handle(format!("resource {handle} is given away and used in one call"))),
            None => Ok(given.into_iter().collect()),
        }
    }

    fn check_value(&self, ty: &Type, value: &Value<'_>, uses: &mut Uses) -> Result<(), PluginError> {
        match (ty, value) {
            (Type::Own(class), Value::Resource(handle)) => {
                self.check_handle(*class, *handle)?;
                if !uses.given.insert(*handle) {
                    uses.twice = Some(*handle);
                }
                Ok(())
            }
            (Type::Borrow(class), Value::Resource(handle)) => {
                self.check_handle(*class, *handle)?;
                uses.lent.push(*handle);
                Ok(())
            }
            _ => members(ty, value).into_iter().try_for_each(|(ty, value)| self.check_value(ty, value, uses)),
        }
    }

    fn check_handle(&self, class: u32, handle: u32) -> Result<(), PluginError> {
        match self.held.get(&handle) {
            Some(held) if held.class == class => Ok(()),
            Some(_) => Err(PluginError::Handle(format!("resource {handle} is of another class"))),
            None if handle < self.first => Err(PluginError::Handle(
                "the resource belongs to an instance of the plugin that was stopped; make a new one".to_owned(),
            )),
            None => Err(PluginError::Handle(
                "the resource was disposed of, or given away to a function that took it".to_owned(),
            )),
        }
    }

    /// Forgets resources that are the guest's now.
    pub(super) fn give(&mut self, handles: &[u32]) {
        for handle in handles {
            self.held.remove(handle);
        }
    }

    pub(super) fn take(&mut self, handle: u32) -> Option<ResourceAny> {
        Some(self.held.remove(&handle)?.resource)
    }

    /// Everything belonged to an instance that is no more.
    pub(super) fn invalidate(&mut self) {
        self.held.clear();
        self.first = self.next;
    }

    /// Gives the resources of a result their handles.
    pub(super) fn adopt(
        &mut self,
        ty: &Type,
        value: &mut Value<'static>,
        resources: &[ResourceAny],
    ) -> Result<(), PluginError> {
        if let (Type::Own(class), Value::Resource(index)) = (ty, &mut *value) {
            let resource = resources.get(*index as usize).copied();
            let resource =
                resource.ok_or_else(|| PluginError::Host("a resource is not where it was put".to_owned()))?;
            *index = self.insert(*class, resource)?;
            return Ok(());
        }
        members_mut(ty, value).into_iter().try_for_each(|(ty, value)| self.adopt(ty, value, resources))
    }

    fn insert(&mut self, class: u32, resource: ResourceAny) -> Result<u32, PluginError> {
        let full = self.held.len() >= self.max as usize;
        let next = self.next.checked_add(1).filter(|_| !full).ok_or_else(|| PluginError::Limit {
            limit: "handles",
            message: format!(
                "more than {} resources of the plugin are held at once (limits.handles of the plugin); dispose of those \
                 that are not needed any more",
                self.max
            ),
        })?;
        let handle = std::mem::replace(&mut self.next, next);
        self.held.insert(handle, Held { resource, class });
        Ok(handle)
    }
}

/// What one call does with resources.
#[derive(Default)]
struct Uses {
    given: HashSet<u32>,
    lent: Vec<u32>,
    /// One that is given away more than once.
    twice: Option<u32>,
}

/// The values that a value is made of, with their types.
fn members<'t, 'v>(ty: &'t Type, value: &'v Value<'v>) -> Vec<(&'t Type, &'v Value<'v>)> {
    match (ty, value) {
        (Type::List(ty), Value::List(values)) => values.iter().map(|value| (&**ty, value)).collect(),
        (Type::Record(fields), Value::Record(values)) => fields.iter().map(|field| &field.ty).zip(values).collect(),
        (Type::Tuple(types), Value::Tuple(values)) => types.iter().zip(values).collect(),
        _ => payload_type(ty, value).zip(payload(value)).into_iter().collect(),
    }
}

fn members_mut<'t, 'v>(ty: &'t Type, value: &'v mut Value<'static>) -> Vec<(&'t Type, &'v mut Value<'static>)> {
    let payload_type = payload_type(ty, value);
    match (ty, value) {
        (Type::List(ty), Value::List(values)) => values.iter_mut().map(|value| (&**ty, value)).collect(),
        (Type::Record(fields), Value::Record(values)) => fields.iter().map(|field| &field.ty).zip(values).collect(),
        (Type::Tuple(types), Value::Tuple(values)) => types.iter().zip(values).collect(),
        (_, Value::Variant(_, payload) | Value::Option(payload) | Value::Result(Ok(payload) | Err(payload))) => {
            payload_type.zip(payload.as_deref_mut()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn payload<'v>(value: &'v Value<'v>) -> Option<&'v Value<'v>> {
    match value {
        Value::Variant(_, payload) | Value::Option(payload) | Value::Result(Ok(payload) | Err(payload)) => {
            payload.as_deref()
        }
        _ => None,
    }
}

fn payload_type<'t>(ty: &'t Type, value: &Value<'_>) -> Option<&'t Type> {
    match (ty, value) {
        (Type::Variant(cases), Value::Variant(case, _)) => cases.get(*case as usize)?.1.as_ref(),
        (Type::Option(ty), Value::Option(_)) => Some(ty),
        (Type::Result(ok, _), Value::Result(Ok(_))) => ok.as_deref(),
        (Type::Result(_, err), Value::Result(Err(_))) => err.as_deref(),
        _ => None,
    }
}
