// The columns of each layer, written once: the schema, the writing and the reading of a detail all walk this list.
#pragma once

#include "city/feature.h"

namespace citiverse::city {

/// Calls for each field of a detail, always in the same order:
///   v.real(name, float&)             v.integer(name, integer&)        v.boolean(name, bool&)
///   v.word(name, enum&)              v.colour(name, rgb or kNone)     v.modes(name, mode bits)
///   v.flag(name, bits, bit)          v.text(name, TextRef&)           v.building(name, FeatureIndex or kNone)
/// Detail is const when it is written. Line::patterns has a table of its own.
template <class V, class B>
  requires std::same_as<std::remove_const_t<B>, Building>
void fields(V& v, B& b) {
  v.real("height_m", b.height_m);
  v.real("min_height_m", b.min_height_m);
  v.real("roof_height_m", b.roof_height_m);
  v.real("roof_direction_deg", b.roof_direction_deg);
  v.word("roof", b.roof);
  v.word("roof_orientation", b.roof_orientation);
  v.colour("colour", b.colour_rgb);
  v.colour("roof_colour", b.roof_colour_rgb);
  v.word("use", b.use);
  v.integer("levels", b.levels);
  v.integer("year_built", b.year_built);
  v.integer("homes", b.homes);
  v.integer("people", b.people);
  v.integer("jobs", b.jobs);
  v.flag("height_estimated", b.estimated, kHeightEstimated);
  v.flag("levels_estimated", b.estimated, kLevelsEstimated);
  v.flag("roof_estimated", b.estimated, kRoofEstimated);
  v.flag("people_estimated", b.estimated, kPeopleEstimated);
  v.boolean("has_parts", b.has_parts);
  v.building("parent", b.parent);
}
template <class V, class S>
  requires std::same_as<std::remove_const_t<S>, Street>
void fields(V& v, S& s) {
  v.word("class", s.street_class);
  v.modes("forward", s.forward);
  v.modes("backward", s.backward);
  v.integer("lanes_forward", s.lanes_forward);
  v.integer("lanes_backward", s.lanes_backward);
  v.integer("speed_kmh", s.speed_kmh);
  v.real("width_m", s.width_m);
  v.real("pavement_left_m", s.pavement_left_m);
  v.real("pavement_right_m", s.pavement_right_m);
  v.word("surface", s.surface);
  v.word("structure", s.structure);
  v.integer("layer", s.layer);
  v.boolean("lit", s.is_lit);
  v.boolean("roundabout", s.is_roundabout);
  v.flag("speed_estimated", s.estimated, kSpeedEstimated);
  v.flag("lanes_estimated", s.estimated, kLanesEstimated);
  v.flag("width_estimated", s.estimated, kWidthEstimated);
  v.flag("pavement_estimated", s.estimated, kPavementEstimated);
}
template <class V, class R>
  requires std::same_as<std::remove_const_t<R>, Rail>
void fields(V& v, R& r) {
  v.word("class", r.rail_class);
  v.real("gauge_m", r.gauge_m);
  v.word("structure", r.structure);
  v.integer("layer", r.layer);
  v.boolean("service", r.is_service);
}
template <class V, class W>
  requires std::same_as<std::remove_const_t<W>, Water>
void fields(V& v, W& w) {
  v.word("class", w.water_class);
  v.real("width_m", w.width_m);
  v.word("structure", w.structure);
  v.integer("layer", w.layer);
}
template <class V, class G>
  requires std::same_as<std::remove_const_t<G>, Green>
void fields(V& v, G& g) {
  v.word("class", g.green_class);
}
template <class V, class L>
  requires std::same_as<std::remove_const_t<L>, LandUse>
void fields(V& v, L& l) {
  v.word("class", l.land_use_class);
}
template <class V, class P>
  requires std::same_as<std::remove_const_t<P>, Paved>
void fields(V& v, P& p) {
  v.word("class", p.paved_class);
  v.word("surface", p.surface);
  v.word("structure", p.structure);
  v.integer("layer", p.layer);
}
template <class V, class B>
  requires std::same_as<std::remove_const_t<B>, Bridge>
void fields(V& v, B& b) {
  v.integer("layer", b.layer);
}
template <class V, class B>
  requires std::same_as<std::remove_const_t<B>, Barrier>
void fields(V& v, B& b) {
  v.word("class", b.barrier_class);
  v.real("height_m", b.height_m);
  v.boolean("height_estimated", b.height_estimated);
}
template <class V, class T>
  requires std::same_as<std::remove_const_t<T>, Tree>
void fields(V& v, T& t) {
  v.real("height_m", t.height_m);
  v.real("crown_diameter_m", t.crown_diameter_m);
  v.word("leaf", t.leaf);
  v.boolean("estimated", t.is_estimated);
}
template <class V, class P>
  requires std::same_as<std::remove_const_t<P>, Place>
void fields(V& v, P& p) {
  v.word("class", p.place_class);
  v.text("subtype", p.subtype);
  v.text("opening_hours", p.opening_hours);
  v.text("website", p.website);
  v.text("phone", p.phone);
  v.text("operator", p.operator_name);
  v.integer("capacity", p.capacity);
  v.word("wheelchair", p.wheelchair);
}
template <class V, class S>
  requires std::same_as<std::remove_const_t<S>, Stop>
void fields(V& v, S& s) {
  v.word("mode", s.mode);
  v.text("code", s.code);
  v.word("wheelchair", s.wheelchair);
  v.boolean("station", s.is_station);
  v.boolean("shelter", s.has_shelter);
}
template <class V, class A>
  requires std::same_as<std::remove_const_t<A>, Area>
void fields(V& v, A& a) {
  v.word("class", a.area_class);
  v.integer("admin_level", a.admin_level);
  v.integer("population", a.population);
}
template <class V, class L>
  requires std::same_as<std::remove_const_t<L>, Line>
void fields(V& v, L& l) {
  v.word("mode", l.mode);
  v.text("reference", l.reference);
  v.text("operator", l.operator_name);
  v.text("from_place", l.from);
  v.text("to_place", l.to);
  v.colour("colour", l.colour_rgb);
}
/// An address has no fields of its own: every layer carries the columns of an address.
template <class V, class A>
  requires std::same_as<std::remove_const_t<A>, Address>
void fields(V&, A&) {}

}  // namespace citiverse::city
