// What the store itself can do with 100,000 entities of 5 attributes, without a wire: updates, pages of a list, places, memory.
#include <filesystem>
#include <fstream>
#include <semaphore>

#include <unistd.h>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "base/random.h"
#include "twin/query/lon_lat.h"
#include "twin/store.h"

namespace citiverse::twin {
namespace {

constexpr int kEntities = 100'000;

std::size_t resident_bytes() {
  std::size_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * 4096;
}

std::string id_of(int entity) { return fmt::format("urn:ngsi-ld:AirQualityObserved:sensor-{}", entity); }

AttributePtr number(Names& names, std::string_view name, double value) {
  auto made = std::make_shared<Attribute>();
  made->name = names.intern(fmt::format("https://smartdatamodels.org/dataModel.Environment/{}", name));
  made->value = value;
  made->observed_us = made->created_us = made->modified_us = 1'700'000'000'000'000;
  return made;
}

EntityPtr sensor(Store& store, int i) {
  Names& names = store.names();
  base::Random random(static_cast<std::uint64_t>(i) + 1);
  auto made = std::make_shared<Entity>();
  made->id = id_of(i);
  made->types = {names.intern(i % 10 == 0 ? "https://example.org/Rare" : "https://example.org/Sensor")};
  made->attributes.reserve(5);
  for (const std::string_view name : {"no2", "pm10", "pm25", "temperature"})
    made->put(number(names, name, random.uniform(0, 80)));
  auto location = std::make_shared<Attribute>();
  location->name = names.intern("https://uri.etsi.org/ngsi-ld/location");
  location->kind = AttributeKind::geo_property;
  // A city of 10 km by 10 km at 43.7 degrees north.
  location->value = Json{fmt::format(R"({{"type":"Point","coordinates":[{:.6f},{:.6f}]}})", 7.4 + random.uniform() * 0.124,
                                     43.7 + random.uniform() * 0.09)};
  made->put(std::move(location));
  return made;
}

void fill(Store& store, int entities) {
  for (int i = 0; i < entities; ++i) {
    const EntityPtr entity = sensor(store, i);
    (void)store.write(kDefaultTenant, entity->id, [&](const EntityPtr&) { return entity; });
  }
}

Store& full_store() {
  static Store* const store = [] {
    auto* made = new Store([] { return TimeUs{1}; });
    fill(*made, kEntities);
    return made;
  }();
  return *store;
}

void an_attribute_update(benchmark::State& state) {
  Store& store = full_store();
  base::Random random(static_cast<std::uint64_t>(state.thread_index()) + 1);
  for (auto _ : state) {
    const std::string id = id_of(static_cast<int>(random.below(kEntities)));
    benchmark::DoNotOptimize(store.write(kDefaultTenant, id, [&](const EntityPtr& before) -> base::Result<EntityPtr> {
      auto after = std::make_shared<Entity>(*before);
      after->put(number(store.names(), "no2", random.uniform(0, 80)));
      return after;
    }));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(an_attribute_update)->UseRealTime()->Threads(1)->Threads(2);

void a_page(benchmark::State& state, const Narrowing& narrowing) {
  Store& store = full_store();
  for (auto _ : state) {
    int left = 20;
    store.scan(kDefaultTenant, narrowing, 0, [&](Slot, const EntityPtr& entity) {
      benchmark::DoNotOptimize(entity.get());
      return --left > 0;
    });
  }
  state.SetItemsProcessed(state.iterations());
}
void a_page_of_20_of_a_rare_type(benchmark::State& state) {
  Narrowing narrowing;
  narrowing.types = {full_store().names().find("https://example.org/Rare")};
  a_page(state, narrowing);
}
BENCHMARK(a_page_of_20_of_a_rare_type)->UseRealTime()->Threads(2);

void a_page_of_20_within_500_m(benchmark::State& state) {
  Narrowing narrowing;
  narrowing.box = box_around({7.45, 43.74}, 500);
  a_page(state, narrowing);
}
BENCHMARK(a_page_of_20_within_500_m)->UseRealTime()->Threads(2);

// One update a write, each told once it is on the disk; at most so many wait, as that many connections would.
void a_durable_update(benchmark::State& state) {
  constexpr std::int64_t kInFlight = 512;
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / fmt::format("citiverse-bench-{}", ::getpid());
  journal::Recovered recovered;
  auto store = Store::open([] { return TimeUs{1}; }, static_cast<Durability>(state.range(0)), folder, recovered);
  if (!store) return state.SkipWithError(store.error().message.c_str());
  {
    std::vector<std::string> ids;
    for (int i = 0; i < 10'000; ++i) ids.push_back(id_of(i));
    std::vector<Write> writes;
    for (int i = 0; i < 10'000; ++i)
      writes.push_back({ids[static_cast<std::size_t>(i)], [made = sensor(**store, i)](const EntityPtr&) { return made; }});
    (void)(*store)->write(kDefaultTenant, writes);
  }
  base::Random random(1);
  std::counting_semaphore<kInFlight> places(kInFlight);
  for (auto _ : state) {
    places.acquire();
    const std::string id = id_of(static_cast<int>(random.below(10'000)));
    const Write write{id, [&](const EntityPtr& before) -> base::Result<EntityPtr> {
                        auto after = std::make_shared<Entity>(*before);
                        after->put(number((*store)->names(), "no2", random.uniform(0, 80)));
                        return after;
                      }};
    (void)(*store)->write_soon(kDefaultTenant, {&write, 1}, [&places](const base::Result<void>&) { places.release(); });
  }
  for (std::int64_t i = 0; i < kInFlight; ++i) places.acquire();
  state.SetItemsProcessed(state.iterations());
  *store = nullptr;
  std::filesystem::remove_all(folder);
}
BENCHMARK(a_durable_update)
    ->UseRealTime()
    ->Arg(static_cast<int>(Durability::batched))
    ->Arg(static_cast<int>(Durability::strict));

// The counter is the figure; the time is that of filling once.
void a_million_entities(benchmark::State& state) {
  for (auto _ : state) {
    const std::size_t before = resident_bytes();
    Store store([] { return TimeUs{1}; });
    fill(store, 1'000'000);
    state.counters["resident_GB"] = static_cast<double>(resident_bytes() - before) / 1e9;
  }
}
BENCHMARK(a_million_entities)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace citiverse::twin
