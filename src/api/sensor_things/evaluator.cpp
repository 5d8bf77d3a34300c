// Navigations are bound to entities first, each combination in turn; then the tree is a plain calculation.
#include "api/sensor_things/evaluator.h"

#include <algorithm>
#include <chrono>

namespace citiverse::api::sensor_things {
namespace {

void collect_prefixes(const Expression& expression, Kind kind, std::vector<std::vector<std::string>>& prefixes) {
  for (const Expression& each : expression.arguments) collect_prefixes(each, kind, prefixes);
  std::vector<std::string> prefix;
  for (const std::string& name : expression.path) {
    const Navigation* navigation = find_navigation(kind, name);
    if (navigation == nullptr) break;
    kind = navigation->target;
    prefix.push_back(name);
    if (std::ranges::find(prefixes, prefix) == prefixes.end()) prefixes.push_back(prefix);
  }
}

std::optional<bool> truth_of(const Datum& datum) {
  const auto* truth = std::get_if<bool>(&datum);
  return truth == nullptr ? std::nullopt : std::optional(*truth);
}

Datum datum_of_truth(std::optional<bool> truth) { return truth ? Datum(*truth) : Datum(); }

}  // namespace

const std::vector<Evaluator::Prefix>& Evaluator::prefixes_of(const Expression& expression) {
  auto [place, is_new] = prefixes_.try_emplace(&expression);
  if (is_new) {
    collect_prefixes(expression, root_->kind, place->second);
    std::ranges::stable_sort(place->second, {}, &Prefix::size);
  }
  return place->second;
}

Item* Evaluator::bound(std::span<const std::string> prefix) {
  if (prefix.empty()) return root_;
  for (const auto& [each, item] : bound_)
    if (std::ranges::equal(*each, prefix)) return item;
  return nullptr;
}

// True: `on_bound` has seen enough.
base::Result<bool> Evaluator::bind(const std::vector<Prefix>& prefixes, std::size_t next,
                                   const std::function<bool()>& on_bound) {
  if (next == prefixes.size()) {
    const bool is_enough = on_bound();
    if (!failure_) return std::unexpected(failure_.error());
    return is_enough;
  }
  const Prefix& prefix = prefixes[next];
  Item* const parent = bound(std::span(prefix).first(prefix.size() - 1));
  const std::size_t depth = bound_.size();
  base::Result<bool> result = false;
  bool is_any = false;
  if (parent != nullptr) {
    const auto on_item = [&](Item& item) {
      is_any = true;
      bound_.emplace_back(&prefix, &item);
      result = bind(prefixes, next + 1, on_bound);
      bound_.resize(depth);
      return !result || *result ? Go::stop : Go::on;
    };
    auto read = reader_.each_related(*parent, *find_navigation(parent->kind, prefix.back()), {}, on_item);
    if (!read) return std::unexpected(std::move(read.error()));
  }
  if (is_any) return result;
  bound_.emplace_back(&prefix, nullptr);  // What is not there has null properties.
  result = bind(prefixes, next + 1, on_bound);
  bound_.resize(depth);
  return result;
}

base::Result<bool> Evaluator::matches(const Expression& filter, Item& item) {
  root_ = &item;
  return bind(prefixes_of(filter), 0, [&] { return truth_of(evaluate(filter)).value_or(false); });
}

base::Result<Datum> Evaluator::value(const Expression& expression, Item& item) {
  root_ = &item;
  Datum value;
  auto done = bind(prefixes_of(expression), 0, [&] {
    value = evaluate(expression);
    return true;
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return value;
}

Datum Evaluator::path_value(const std::vector<std::string>& path) {
  std::size_t length = 0;
  for (Kind kind = root_->kind; length < path.size(); ++length) {
    const Navigation* navigation = find_navigation(kind, path[length]);
    if (navigation == nullptr) break;
    kind = navigation->target;
  }
  Item* const item = bound(std::span(path).first(length));
  if (item == nullptr || length == path.size()) return {};
  if (is_id_name(path[length])) return item->id;
  if (path[length] == "phenomenonTime" || path[length] == "resultTime")
    if (auto completed = reader_.complete(*item); !completed) failure_ = std::move(completed);
  const Datum* property = item->find(path[length]);
  if (property == nullptr) return {};
  Datum value = *property;
  for (std::size_t i = length + 1; i < path.size(); ++i) value = member_of(value, path[i]);
  return value;
}

Datum Evaluator::logical(const Expression& expression) {
  const auto a = truth_of(evaluate(expression.arguments[0]));
  if (expression.operation == Operation::not_) return datum_of_truth(a ? std::optional(!*a) : std::nullopt);
  const bool deciding = expression.operation == Operation::or_;
  if (a == deciding) return deciding;
  const auto b = truth_of(evaluate(expression.arguments[1]));
  if (b == deciding) return deciding;
  return datum_of_truth(a && b ? std::optional(!deciding) : std::nullopt);
}

Datum Evaluator::evaluate(const Expression& expression) {
  const Operation operation = expression.operation;
  if (operation == Operation::literal) return expression.literal;
  if (operation == Operation::path) return path_value(expression.path);
  if (operation == Operation::and_ || operation == Operation::or_ || operation == Operation::not_) return logical(expression);
  std::vector<Datum> arguments;
  arguments.reserve(expression.arguments.size());
  for (const Expression& each : expression.arguments) arguments.push_back(evaluate(each));
  if (operation >= Operation::eq && operation <= Operation::le) return compared(operation, arguments[0], arguments[1]);
  if (is_geo_function(operation)) return geo_.apply(operation, arguments);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return applied(operation, arguments, std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

}  // namespace citiverse::api::sensor_things
