// Instances are written as those of entities are, and what only history knows is added.
#include "api/ngsi_ld/temporal_json.h"

#include <algorithm>

#include <fmt/format.h>

#include "api/ngsi_ld/attribute_reader.h"
#include "base/json_writer.h"
#include "twin/moment.h"

namespace citiverse::api::ngsi_ld {
namespace {

namespace history = twin::history;
using twin::AttributeKind;

// What a deleted attribute has for a value (4.5.7, 4.5.8).
twin::Value null_of(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::language_property: return twin::Json{fmt::format(R"({{"@none":"{}"}})", kNgsiLdNull)};
    case AttributeKind::list_property:
    case AttributeKind::list_relationship: return twin::Json{fmt::format(R"(["{}"])", kNgsiLdNull)};
    default: return std::string(kNgsiLdNull);
  }
}

std::string_view list_member_of(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::property:
    case AttributeKind::geo_property: return "values";
    case AttributeKind::relationship: return "objects";
    case AttributeKind::language_property: return "languageMaps";
    case AttributeKind::vocab_property: return "vocabs";
    case AttributeKind::json_property: return "jsons";
    case AttributeKind::list_property: return "valueLists";
    case AttributeKind::list_relationship: return "objectLists";
  }
  return "values";
}

class TemporalWriter {
 public:
  TemporalWriter(std::string& out, const TemporalLook& look) : out_(out), look_(look), form_(look.form.form()) {}

  void write(const TemporalEntity& entity) {
    out_ += '{';
    write_head(entity.kept);
    const bool is_aggregated = look_.request.form == TemporalForm::aggregates;
    const std::size_t count = is_aggregated ? entity.aggregates.size() : entity.series.size();
    const auto attribute = [&](std::size_t i) {
      return is_aggregated ? entity.aggregates[i].series.attribute : entity.series[i].series.attribute;
    };
    for (std::size_t i = 0; i < count;) {
      std::size_t end = i + 1;
      while (end < count && attribute(end) == attribute(i)) ++end;
      std::string spare;
      key(look_.context.quoted(attribute(i), spare));
      if (is_aggregated)
        write_aggregates({entity.aggregates.data() + i, end - i});
      else if (look_.request.form == TemporalForm::values)
        write_values({entity.series.data() + i, end - i});
      else
        write_instances({entity.series.data() + i, end - i});
      i = end;
    }
    if (look_.with_context) {
      key("\"@context\"");
      out_ += look_.context.json();
    }
    out_ += '}';
  }

 private:
  void key(std::string_view quoted) {
    if (out_.back() != '{') out_ += ',';
    out_.append(quoted);
    out_ += ':';
  }
  void text(std::string_view value) { base::JsonWriter(out_).text(value); }
  void moment(std::string_view quoted, twin::TimeUs time_us) {
    if (time_us == twin::kNoTime) return;
    key(quoted);
    text(twin::moment_text(time_us));
  }

  void write_head(const history::KeptEntity& kept) {
    const auto& projection = look_.form.projection;
    if (!projection || projection->id) {
      key("\"id\"");
      text(kept.id);
    }
    if (!projection || projection->type) {
      key("\"type\"");
      if (kept.types.size() != 1) out_ += '[';
      std::string spare;
      for (std::size_t i = 0; i < kept.types.size(); ++i) {
        if (i > 0) out_ += ',';
        out_.append(look_.context.quoted(kept.types[i], spare));
      }
      if (kept.types.size() != 1) out_ += ']';
    }
    if (!form_.shows_system_attributes) return;
    moment("\"createdAt\"", kept.created_us);
    moment("\"deletedAt\"", kept.deleted_us);
  }

  void write_instances(std::span<const SeriesInstances> all) {
    out_ += '[';
    bool is_first = true;
    for (const SeriesInstances& series : all)
      for (const TemporalInstance& each : series.instances) {
        if (!std::exchange(is_first, false)) out_ += ',';
        write_instance(series.series.series, each.sample);
      }
    out_ += ']';
  }

  // A normalized instance is always an object: what history adds goes before its closing brace.
  void write_instance(history::SeriesId series, const history::Sample& sample) {
    twin::Attribute attribute = sample.attribute;
    if (sample.is_deletion) attribute.value = null_of(attribute.kind);
    write_attribute(out_, attribute, look_.names, look_.context, form_);
    out_.back() = ',';
    out_ += fmt::format("\"instanceId\":\"{}\"", instance_uri({series, sample.instance}));
    if (sample.is_deletion) moment("\"deletedAt\"", attribute.modified_us);
    out_ += '}';
  }

  template <class Series, class Write>
  void write_each(std::span<const Series> all, const Write& write) {
    if (all.size() > 1) out_ += '[';
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) out_ += ',';
      write(all[i]);
      if (all[i].series.dataset != twin::kNoName) {
        key("\"datasetId\"");
        text(look_.names.text(all[i].series.dataset));
      }
      out_ += '}';
    }
    if (all.size() > 1) out_ += ']';
  }

  void write_values(std::span<const SeriesInstances> all) {
    write_each(all, [&](const SeriesInstances& series) {
      const AttributeKind kind = series.instances.back().sample.attribute.kind;
      const bool is_reduced = kind == AttributeKind::language_property && !form_.language.empty();
      out_ += fmt::format(R"({{"type":"{}","{}":[)", is_reduced ? "Property" : name_of(kind),
                          is_reduced ? "values" : list_member_of(kind));
      EntityForm simplified = form_;
      simplified.form = Form::simplified;
      for (std::size_t i = 0; i < series.instances.size(); ++i) {
        const TemporalInstance& each = series.instances[i];
        out_ += i > 0 ? ",[" : "[";
        twin::Attribute attribute = each.sample.attribute;
        if (each.sample.is_deletion) attribute.value = null_of(attribute.kind);
        write_attribute(out_, attribute, look_.names, look_.context, simplified);
        out_ += ",\"";
        twin::append_moment(out_, each.time_us);
        out_ += "\"]";
      }
      out_ += ']';
    });
  }

  void write_aggregates(std::span<const SeriesAggregates> all) {
    write_each(all, [&](const SeriesAggregates& series) {
      out_ += series.is_relationship ? R"({"type":"Relationship")" : R"({"type":"Property")";
      append_aggregates(out_, series, look_.request);
    });
  }

  std::string& out_;
  const TemporalLook& look_;
  const EntityForm form_;
};

}  // namespace

void write_temporal_entity(std::string& out, const TemporalEntity& entity, const TemporalLook& look) {
  TemporalWriter(out, look).write(entity);
}

}  // namespace citiverse::api::ngsi_ld
