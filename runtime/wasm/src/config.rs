//! Settings of the underlying engine, and the bounds of its pool.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::component::Component;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, WasmBacktraceDetails};

/// The stack of one guest's own code. A deeper recursion traps.
const STACK_BYTES: usize = 512 << 10;

/// The stack on which a guest and the host functions it calls run. Host code overflowing it would end the process, so
/// it gets three times as much as the guest.
const FIBER_STACK_BYTES: usize = 2 << 20;

/// Places of the pool. Each is an instance of an ordinary component: up to [`CORE_INSTANCES`] modules, one with a
/// memory. A component of more takes several places.
pub(crate) const PLACES: u32 = 1_000;

/// Modules in one place: what componentizing tools make of a program is the program itself, an adapter and two shims.
const CORE_INSTANCES: u32 = 6;

/// Tables in one place.
const TABLES: u32 = 3;

/// Bytes of one linear memory that the address space holds a place for: all that 32 bits can name, so that compiled code
/// needs no bounds checks.
const MEMORY_BYTES_MAX: usize = 1 << 32;

/// What one instance's own records may take. Components from toolchains of other languages come close to the default.
const INSTANCE_BYTES_MAX: usize = 4 << 20;

/// Go's and C#'s programs have tables of tens of thousands.
const TABLE_ELEMENTS_MAX: usize = 100_000;

/// What of a slot is wiped instead of given back to the system, so that the next instance finds its pages there. Measured
/// on a small component in Rust (`worker::figures`): a little makes instantiation quicker, and from 1 MiB on wiping costs
/// more than the page faults that it saves.
const MEMORY_KEEP_RESIDENT_BYTES: usize = 64 << 10;
const TABLE_KEEP_RESIDENT_BYTES: usize = 64 << 10;

/// What an engine is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Short-lived instances of WASI 0.2, from a pool.
    Workers,
    /// Instances that stay, each with memory of its own from the system.
    Plugins,
    /// WASI 0.3, whose asynchronous calls cost every call something.
    Concurrent,
}

/// An engine, and how many instances it may have at once.
pub(crate) struct Pooled {
    pub(crate) engine: Engine,
    /// `None`: the system's memory is the bound.
    pub(crate) places: Option<Arc<Semaphore>>,
}

/// A place in the pool. `None` where there is no pool.
pub(crate) type Place = Option<OwnedSemaphorePermit>;

impl Pooled {
    /// Room for one more instance of a component that needs `places`, if there is any now.
    pub(crate) fn place_now(&self, places: u32) -> Option<Place> {
        let Some(pool) = &self.places else { return Some(None) };
        pool.clone().try_acquire_many_owned(places).ok().map(Some)
    }

    /// Waits for it.
    pub(crate) async fn place(&self, places: u32) -> Place {
        let pool = self.places.as_ref()?;
        Some(pool.clone().acquire_many_owned(places).await.expect("the semaphore is never closed"))
    }
}

/// How many places an instance of this component takes. `None`: more than there are.
pub(crate) fn places_of(component: &Component) -> Option<u32> {
    let Some(resources) = component.resources_required() else { return Some(1) };
    let places = resources.num_memories.max(resources.num_tables.div_ceil(TABLES)).max(1);
    (places <= PLACES).then_some(places)
}

/// An engine for `purpose`. Where the address space for a pool is not to be had (an `ulimit -v`, a small machine), every
/// instance gets its memory from the system.
pub(crate) fn engine(purpose: Use) -> Result<Pooled, String> {
    match purpose {
        Use::Workers | Use::Concurrent => engine_with(purpose, pool()),
        Use::Plugins => on_demand(purpose),
    }
}

fn engine_with(purpose: Use, pool: PoolingAllocationConfig) -> Result<Pooled, String> {
    let mut config = settings(purpose);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    match Engine::new(&config) {
        Ok(engine) => Ok(Pooled { engine, places: Some(Arc::new(Semaphore::new(PLACES as usize))) }),
        Err(error) => {
            tracing::warn!("no pool of WebAssembly memories, which makes instances slower: {error:#}");
            on_demand(purpose)
        }
    }
}

fn on_demand(purpose: Use) -> Result<Pooled, String> {
    let engine = Engine::new(&settings(purpose)).map_err(|error| format!("{error:#}"))?;
    Ok(Pooled { engine, places: None })
}

pub(crate) fn settings(purpose: Use) -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .max_wasm_stack(STACK_BYTES)
        .async_stack_size(FIBER_STACK_BYTES)
        .wasm_backtrace_details(WasmBacktraceDetails::Enable)
        .concurrency_support(purpose == Use::Concurrent);
    config
}

/// Memory protection keys stay off, as they are without wasmtime's feature for them: V8 takes some for itself.
pub(crate) fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(PLACES)
        .total_core_instances(PLACES * CORE_INSTANCES)
        .total_memories(PLACES)
        .total_tables(PLACES * TABLES)
        .total_stacks(PLACES)
        .total_gc_heaps(PLACES)
        .max_memory_size(MEMORY_BYTES_MAX)
        .max_core_instance_size(INSTANCE_BYTES_MAX)
        .max_component_instance_size(INSTANCE_BYTES_MAX)
        .table_elements(TABLE_ELEMENTS_MAX)
        .max_memories_per_module(4)
        .max_tables_per_module(8)
        .linear_memory_keep_resident(MEMORY_KEEP_RESIDENT_BYTES)
        .table_keep_resident(TABLE_KEEP_RESIDENT_BYTES)
        // A page that is swapped out can survive the scan and be seen by the next tenant.
        .pagemap_scan(Enabled::No);
    pool
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_room_for_a_pool_there_is_an_engine_all_the_same() {
        let mut pool = pool();
        // 16 PiB, which no machine of today has addresses for.
        pool.total_memories(1 << 22);
        let pooled = engine_with(Use::Workers, pool).expect("an engine");
        assert!(pooled.places.is_none());
        assert!(engine(Use::Workers).expect("an engine").places.is_some());
    }

    #[test]
    fn a_component_takes_as_many_places_as_it_has_memories() {
        let engine = Engine::default();
        let places = |text: &str| {
            let component = Component::new(&engine, wat::parse_str(text).expect("valid")).expect("valid");
            places_of(&component)
        };
        let module = "(core module $m (memory 1) (table 1 funcref)) (core instance (instantiate $m))";
        assert_eq!(places("(component)"), Some(1));
        assert_eq!(places(&format!("(component {module})")), Some(1));
        assert_eq!(places(&format!("(component {module} (core instance (instantiate $m)))")), Some(2));
    }
}
