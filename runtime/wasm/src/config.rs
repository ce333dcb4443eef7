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

/// Places of the pool. Each is an instance of an ordinary component: its modules have one memory. A component of more
/// memories takes several places.
pub(crate) const PLACES: u32 = 1_000;

/// Places outside of the pool, for all workers and plugins of the process. The memory of each takes 4 GiB of addresses
/// and, with a stack, up to six of the 65,530 mappings that Linux lets a process have; one that has none left ends.
const SPARE_PLACES: u32 = 4_000;

/// What is left outside of the pool must be so many times what an instance takes, so that components of many memories
/// leave room for others.
const SPARE_SHARE: usize = 16;

/// Places of one instance: each is a memory.
const INSTANCE_PLACES_MAX: u32 = 100;

/// Modules in one component. Componentizing tools make four of a program, and one more of each shared library.
pub(crate) const CORE_INSTANCES_MAX: u32 = 256;

/// Tables in one place.
const TABLES: u32 = 3;

/// Bytes of one linear memory that the address space holds a place for: all that 32 bits can name, so that compiled code
/// needs no bounds checks.
const MEMORY_BYTES_MAX: usize = 1 << 32;

/// What one instance's own records may take. Components from toolchains of other languages come close to the default.
pub(crate) const INSTANCE_BYTES_MAX: usize = 4 << 20;

/// Go's and C#'s programs have tables of tens of thousands.
const TABLE_ELEMENTS_MAX: usize = 100_000;

/// Tables are wiped instead of given back to the system. Memories are given back: most of what an instance touches lies
/// behind the megabyte of stack that its memory begins with, and wiping all of that takes longer than faulting it in.
const TABLE_KEEP_RESIDENT_BYTES: usize = 64 << 10;

/// Memories are given back in batches. One by one, each makes all processors of the process forget its addresses, which
/// is most of the price of an instance that lives for one request.
const DECOMMIT_BATCH: usize = 64;

/// Memories that begin with no more than this get a copy of it. Larger ones are mapped to it and copied page by page as
/// they are written, where each first write has the processors forget an address.
pub(crate) const COPIED_BYTES_MAX: usize = 128 << 10;

/// What an engine is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Short-lived instances of WASI 0.2, from a pool.
    Workers,
    /// The same, of components that begin with little data.
    SmallWorkers,
    /// Instances that stay, each with memory of its own from the system.
    Plugins,
    /// WASI 0.3, whose asynchronous calls cost every call something.
    Concurrent,
}

/// An engine, and how many instances it may have at once.
pub(crate) struct Pooled {
    pub(crate) engine: Engine,
    places: Arc<Semaphore>,
    /// Whether instances have their memory from a pool.
    pub(crate) is_pool: bool,
}

/// A place in the pool, or outside of it.
pub(crate) type Place = OwnedSemaphorePermit;

impl Pooled {
    /// Room for one more instance of a component that needs `places`, if there is any now.
    pub(crate) fn place_now(&self, places: u32) -> Option<Place> {
        if !self.is_pool && self.places.available_permits() < places as usize * SPARE_SHARE {
            return None;
        }
        self.places.clone().try_acquire_many_owned(places).ok()
    }

    /// Waits for it.
    pub(crate) async fn place(&self, places: u32) -> Place {
        self.places.clone().acquire_many_owned(places).await.expect("the semaphore is never closed")
    }
}

/// How many places an instance of this component takes, or what is wrong with it.
pub(crate) fn places_of(component: &Component) -> Result<u32, String> {
    let Some(resources) = component.resources_required() else { return Ok(1) };
    let (memories, tables) = (resources.num_memories, resources.num_tables);
    let places = memories.max(tables.div_ceil(TABLES)).max(1);
    if places > INSTANCE_PLACES_MAX {
        let tables_max = INSTANCE_PLACES_MAX * TABLES;
        return Err(format!(
            "one instance of it takes {memories} memories and {tables} tables; it may have {INSTANCE_PLACES_MAX} \
             memories and {tables_max} tables"
        ));
    }
    Ok(places)
}

/// An engine for `purpose`. Where the address space for a pool is not to be had (an `ulimit -v`, a small machine), every
/// instance gets its memory from the system.
pub(crate) fn engine(purpose: Use) -> Result<Pooled, String> {
    match purpose {
        Use::Workers | Use::SmallWorkers | Use::Concurrent => engine_with(purpose, pool()),
        Use::Plugins => on_demand(purpose),
    }
}

fn engine_with(purpose: Use, pool: PoolingAllocationConfig) -> Result<Pooled, String> {
    let mut config = settings(purpose);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    match Engine::new(&config) {
        Ok(engine) => Ok(Pooled { engine, places: Arc::new(Semaphore::new(PLACES as usize)), is_pool: true }),
        Err(error) => {
            tracing::warn!("no pool of WebAssembly memories, which makes instances slower: {error:#}");
            on_demand(purpose)
        }
    }
}

fn on_demand(purpose: Use) -> Result<Pooled, String> {
    let engine = Engine::new(&settings(purpose)).map_err(|error| format!("{error:#}"))?;
    Ok(Pooled { engine, places: Arc::new(Semaphore::new(SPARE_PLACES as usize)), is_pool: false })
}

pub(crate) fn settings(purpose: Use) -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .max_wasm_stack(STACK_BYTES)
        .async_stack_size(FIBER_STACK_BYTES)
        .wasm_backtrace_details(WasmBacktraceDetails::Enable)
        .memory_init_cow(purpose != Use::SmallWorkers)
        .concurrency_support(purpose == Use::Concurrent);
    config
}

/// Memory protection keys stay off, as they are without wasmtime's feature for them: V8 takes some for itself.
pub(crate) fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(PLACES)
        // They are counted, not allocated: nobody's many modules may use up those of others.
        .total_core_instances(PLACES * CORE_INSTANCES_MAX)
        .max_core_instances_per_component(CORE_INSTANCES_MAX)
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
        .decommit_batch_size(DECOMMIT_BATCH)
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
        assert!(!pooled.is_pool);
        assert!(engine(Use::Workers).expect("an engine").is_pool);
    }

    #[test]
    fn a_component_takes_as_many_places_as_it_has_memories() {
        let engine = Engine::default();
        let places = |text: &str| {
            let component = Component::new(&engine, wat::parse_str(text).expect("valid")).expect("valid");
            places_of(&component)
        };
        let module = "(core module $m (memory 1) (table 1 funcref)) (core instance (instantiate $m))";
        assert_eq!(places("(component)"), Ok(1));
        assert_eq!(places(&format!("(component {module})")), Ok(1));
        assert_eq!(places(&format!("(component {module} (core instance (instantiate $m)))")), Ok(2));
        let many = places(&format!("(component {module} {})", "(core instance (instantiate $m))".repeat(100)));
        assert!(many.is_err_and(|problem| problem.contains("101 memories")));
    }
    #[test]
    fn components_of_many_memories_leave_room_for_others() {
        let spare = engine(Use::Plugins).expect("an engine");
        let held: Vec<Place> = std::iter::from_fn(|| spare.place_now(100)).collect();
        assert!((20..30).contains(&held.len()), "{}", held.len());
        let small: Vec<Place> = std::iter::from_fn(|| spare.place_now(1)).collect();
        assert!(small.len() > 1_000, "{}", small.len());
        drop(held);
        assert!(spare.place_now(100).is_some());
    }
}
