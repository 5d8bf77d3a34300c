// The wavefront: rings of moving vertices, each between two sides, that merge and split until nothing is left.
#include "geo/straight_skeleton.h"

#include <algorithm>
#include <cmath>

#include "geo/skeleton_faces.h"

namespace citiverse::geo {
namespace {

using Index = std::uint32_t;
constexpr Index kNoVertex = 0xFFFFFFFFu;

// When events contradict each other it is nearly always because several happened at once in one place: then speeds that differ
// by this part, below what the planes' error bound can tell, make them happen one by one.
constexpr double kTieBreak = 1e-5;
constexpr int kAttempts = 4;

constexpr double kSameTime = 1e-9;
constexpr double kSamePlaceM = 1e-5;
// Sides that run against each other within this angle (sine) meet everywhere at once: their vertex would be infinitely fast.
constexpr double kOpposedSine = 1e-6;
// How far a side may have turned inside out, by rounding, before the events are taken to contradict each other.
constexpr double kInsideOutM = 1e-3;

struct Side {
  Vec2d direction;
  Vec2d normal;  // Inwards.
  double start;  // The side lies at normal · x = start + speed × t.
  double speed;
};

struct Vertex {
  Vec2d p;  // At birth_t.
  Vec2d velocity;
  double birth_t;
  Index node;
  Index before;  // The sides that it lies between.
  Index after;
  Index prev;
  Index next;
  bool alive;
  bool reflex;
  bool infinite;
};

struct Event {
  double t = std::numeric_limits<double>::infinity();
  Index vertex = kNoVertex;
  Index other = kNoVertex;  // The next vertex of a side that vanishes, or the first vertex of a side that is hit.
  bool is_split = false;
};

class Wavefront {
 public:
  /// `attempt` 0 takes the speeds as they are; others change them within kTieBreak.
  base::Result<void> run(std::span<const std::span<const Vec2d>> rings, const SkeletonSides& sides, int attempt,
                         Skeleton& skeleton);

 private:
  bool add_ring(std::span<const Vec2d> ring, const SkeletonSides& sides, int attempt);
  Vec2d at(Index v, double t) const { return vertices_[v].p + vertices_[v].velocity * (t - vertices_[v].birth_t); }
  Index add_vertex(Vec2d p, Index node, Index before, Index after);
  void join(Index a, Index b) {
    vertices_[a].next = b;
    vertices_[b].prev = a;
  }
  bool set_velocity(Vertex& v) const;
  Index add_node(Vec2d p);
  void end(Index v, Index node);
  void close_pair(Index v);
  void merge(Index v, Index w, Vec2d p);
  void split(const Event& event);
  void lean_gables();
  void consider_vanishing(Index v, Event& best);
  void consider_hits(Index v, Event& best) const;
  Event next_event();
  bool settle();

  Skeleton* out_ = nullptr;
  std::vector<Side> sides_;
  std::vector<Vertex> vertices_;
  std::vector<Index> fresh_;  // Vertices whose surroundings changed since they were last looked at.
  std::vector<HalfArc> arcs_;
  std::vector<SkeletonPlane> planes_;
  Vec2d origin_;  // Within the outline's extent, so that coordinates are small and rounding is smaller.
  double now_ = 0;
  Index alive_ = 0;
  Index ring_sides_ = 0;
  const char* contradiction_ = nullptr;
};

// A factor near 1 that changes slowly from line to line, so that sides on one line keep one speed while ties fall apart.
double tie_break(int attempt, Vec2d normal, double start) {
  if (attempt == 0) return 1;
  const double phase = 7 * normal.x + 11 * normal.y + 0.37 * start + 2.1 * attempt;
  return 1 + kTieBreak * std::sin(phase);
}

bool Wavefront::add_ring(std::span<const Vec2d> ring, const SkeletonSides& sides, int attempt) {
  const auto first = static_cast<Index>(sides_.size());
  const auto n = static_cast<Index>(ring.size());
  if (n < 3) return false;
  for (Index i = 0; i < n; ++i) {
    const Vec2d a = ring[i];
    const Vec2d b = ring[(i + 1) % n];
    const double side_length = distance(a, b);
    if (!(side_length >= kSkeletonSideMinM)) return false;
    const Vec2d direction = (b - a) * (1 / side_length);
    const Vec2d normal = left_of(direction);
    const double start = dot(normal, a - origin_);
    const double speed = sides.speeds.empty() ? 1.0 : sides.speeds[first + i];
    sides_.push_back({direction, normal, start, speed * tie_break(attempt, normal, start)});
    out_->nodes.push_back({a - origin_, 0});
    arcs_.push_back({first + i, first + i, first + (i + 1) % n});
  }
  return true;
}

bool Wavefront::set_velocity(Vertex& v) const {
  const Side& a = sides_[v.before];
  const Side& b = sides_[v.after];
  const double sine = cross(a.direction, b.direction);
  const double cosine = dot(a.direction, b.direction);
  v.reflex = sine < 0;
  v.infinite = cosine < 0 && std::abs(sine) < kOpposedSine;
  if (v.infinite) {
    v.velocity = {};
  } else if (a.speed == b.speed) {
    v.velocity = (a.normal + b.normal) * (a.speed / (1 + cosine));
  } else {
    if (std::abs(sine) < kOpposedSine) return false;
    v.velocity = {(a.speed * b.normal.y - b.speed * a.normal.y) / sine, (b.speed * a.normal.x - a.speed * b.normal.x) / sine};
  }
  return true;
}

Index Wavefront::add_vertex(Vec2d p, Index node, Index before, Index after) {
  Vertex v{p, {}, now_, node, before, after, kNoVertex, kNoVertex, true, false, false};
  if (!set_velocity(v)) contradiction_ = "parallel sides of different speeds meet";
  vertices_.push_back(v);
  ++alive_;
  fresh_.push_back(static_cast<Index>(vertices_.size() - 1));
  return fresh_.back();
}

Index Wavefront::add_node(Vec2d p) {
  out_->nodes.push_back({p, now_});
  return static_cast<Index>(out_->nodes.size() - 1);
}

// The vertex's path becomes the common border of its two faces.
void Wavefront::end(Index v, Index node) {
  Vertex& vertex = vertices_[v];
  arcs_.push_back({vertex.before, vertex.node, node});
  arcs_.push_back({vertex.after, node, vertex.node});
  vertex.alive = false;
  --alive_;
}

// Two vertices left: their two sides have met along the line between them, the ridge.
void Wavefront::close_pair(Index v) {
  const Index w = vertices_[v].next;
  const Index node_v = add_node(at(v, now_));
  const Index node_w = add_node(at(w, now_));
  arcs_.push_back({vertices_[v].after, node_w, node_v});
  arcs_.push_back({vertices_[w].after, node_v, node_w});
  end(v, node_v);
  end(w, node_w);
}

// The side from v to w has vanished.
void Wavefront::merge(Index v, Index w, Vec2d p) {
  const Index node = add_node(p);
  const Index x = add_vertex(p, node, vertices_[v].before, vertices_[w].after);
  join(vertices_[v].prev, x);
  join(x, vertices_[w].next);
  end(v, node);
  end(w, node);
}

void Wavefront::split(const Event& event) {
  const Index v = event.vertex;
  const Index a = event.other;
  const Index b = vertices_[a].next;
  const Vec2d p = at(v, now_);
  const double to_a = distance(p, at(a, now_));
  const double to_b = distance(p, at(b, now_));
  if (std::min(to_a, to_b) >= kSamePlaceM) {
    const Index node = add_node(p);
    const Index side = vertices_[a].after;
    const Index left = add_vertex(p, node, vertices_[v].before, side);
    const Index right = add_vertex(p, node, side, vertices_[v].after);
    join(vertices_[v].prev, left);
    join(left, b);
    join(a, right);
    join(right, vertices_[v].next);
    end(v, node);
    return;
  }
  // It met a vertex: the two chains exchange their halves.
  const Index k = to_a < to_b ? a : b;
  if (vertices_[v].next == k) return merge(v, k, p);
  if (vertices_[v].prev == k) return merge(k, v, p);
  const Index node = add_node(p);
  const Index left = add_vertex(p, node, vertices_[v].before, vertices_[k].after);
  const Index right = add_vertex(p, node, vertices_[k].before, vertices_[v].after);
  join(vertices_[v].prev, left);
  join(left, vertices_[k].next);
  join(vertices_[k].prev, right);
  join(right, vertices_[v].next);
  end(v, node);
  end(k, node);
}

// Half-hipped: every gable stops here, and a side of its own goes on from the line that is left of it.
void Wavefront::lean_gables() {
  const auto upper_of = [&](Index side) { return side < ring_sides_ && sides_[side].speed == 0 ? side + ring_sides_ : side; };
  sides_.resize(2 * ring_sides_);
  for (Index i = 0; i < ring_sides_; ++i) {
    sides_[i + ring_sides_] = sides_[i];
    sides_[i + ring_sides_].start -= now_;
    sides_[i + ring_sides_].speed = 1;
  }
  const auto count = static_cast<Index>(vertices_.size());
  for (Index v = 0; v < count; ++v) {
    const Vertex old = vertices_[v];
    if (!old.alive || (upper_of(old.before) == old.before && upper_of(old.after) == old.after)) continue;
    const Vec2d p = at(v, now_);
    const Index node = add_node(p);
    arcs_.push_back({old.before, old.node, node});
    arcs_.push_back({old.after, node, old.node});
    Vertex& vertex = vertices_[v];
    vertex.p = p;
    vertex.birth_t = now_;
    vertex.node = node;
    vertex.before = upper_of(old.before);
    vertex.after = upper_of(old.after);
    if (!set_velocity(vertex)) contradiction_ = "parallel sides of different speeds meet";
  }
  for (Index v = 0; v < count; ++v) {
    if (!vertices_[v].alive || vertices_[v].after < ring_sides_) continue;
    const Index lower = vertices_[v].after - ring_sides_;
    const Index w = vertices_[v].next;
    arcs_.push_back({lower, vertices_[w].node, vertices_[v].node});
    arcs_.push_back({lower + ring_sides_, vertices_[v].node, vertices_[w].node});
  }
}

void Wavefront::consider_vanishing(Index v, Event& best) {
  const Vertex& a = vertices_[v];
  const Vec2d direction = sides_[a.after].direction;
  const double side_length = dot(at(a.next, now_) - at(v, now_), direction);
  const double rate = dot(vertices_[a.next].velocity - a.velocity, direction);
  if (side_length < -kInsideOutM) contradiction_ = "a side has turned inside out";
  double t = std::numeric_limits<double>::infinity();
  if (rate < -kSameTime) {
    t = now_ + std::max(0.0, side_length) / -rate;
  } else if (side_length <= kSamePlaceM && rate <= kSameTime) {
    t = now_;
  }
  if (t < best.t) best = {t, v, a.next, false};
}

// The first side that a reflex vertex runs into, on the stretch that will be left of it by then.
void Wavefront::consider_hits(Index v, Event& best) const {
  const Vertex& vertex = vertices_[v];
  const Vec2d p = at(v, now_);
  for (Index a = 0; a < vertices_.size(); ++a) {
    const Vertex& start = vertices_[a];
    if (!start.alive || start.after == vertex.before || start.after == vertex.after) continue;
    const Side& side = sides_[start.after];
    const double gap = dot(side.normal, p) - side.start - side.speed * now_;
    const double rate = dot(side.normal, vertex.velocity) - side.speed;
    if (rate > -kSameTime || gap < -kSamePlaceM) continue;
    const double t = now_ + std::max(0.0, gap) / -rate;
    if (t >= best.t) continue;
    const Vec2d place = at(v, t);
    if (dot(place - at(a, t), side.direction) < -kSamePlaceM) continue;
    if (dot(at(start.next, t) - place, side.direction) < -kSamePlaceM) continue;
    best = {t, v, a, true};
  }
}

Event Wavefront::next_event() {
  Event best;
  for (Index v = 0; v < vertices_.size(); ++v) {
    if (vertices_[v].alive) consider_vanishing(v, best);
  }
  for (Index v = 0; v < vertices_.size(); ++v) {
    if (vertices_[v].alive && vertices_[v].reflex) consider_hits(v, best);
  }
  return best;
}

// Ends what has no extent left. False when nothing needed it.
bool Wavefront::settle() {
  while (!fresh_.empty()) {
    const Index v = fresh_.back();
    const Vertex vertex = vertices_[v];
    if (!vertex.alive) {
      fresh_.pop_back();
      continue;
    }
    if (vertex.next == vertex.prev) {
      close_pair(v);
      return true;
    }
    if (vertex.infinite) {  // Its sides have met: the ridge runs to the nearer neighbour at once.
      const Vec2d after = at(vertex.next, now_);
      const Vec2d before = at(vertex.prev, now_);
      if (distance(after, vertex.p) <= distance(before, vertex.p)) {
        merge(v, vertex.next, after);
      } else {
        merge(vertex.prev, v, before);
      }
      return true;
    }
    fresh_.pop_back();
  }
  return false;
}

base::Result<void> Wavefront::run(std::span<const std::span<const Vec2d>> rings, const SkeletonSides& sides, int attempt,
                                  Skeleton& skeleton) {
  out_ = &skeleton;
  origin_ = rings.empty() || rings[0].empty() ? Vec2d{} : rings[0][0];
  skeleton.nodes.clear();
  sides_.clear();
  vertices_.clear();
  fresh_.clear();
  arcs_.clear();
  now_ = 0;
  alive_ = 0;
  contradiction_ = nullptr;
  std::size_t total = 0;
  for (const auto& ring : rings) total += ring.size();
  if (total > kSkeletonVerticesMax) return base::fail(base::ErrorCode::limit, "straight skeleton: too many vertices");
  if (!sides.speeds.empty() && sides.speeds.size() != total)
    return base::fail(base::ErrorCode::bad_input, "straight skeleton: give one speed a side");
  for (const auto& ring : rings) {
    if (!add_ring(ring, sides, attempt))
      return base::fail(base::ErrorCode::bad_input, "straight skeleton: a side is too short");
  }
  ring_sides_ = static_cast<Index>(sides_.size());
  Index first = 0;
  for (const auto& ring : rings) {
    const auto n = static_cast<Index>(ring.size());
    for (Index i = 0; i < n; ++i) {
      const Index v = add_vertex(ring[i] - origin_, first + i, first + (i + n - 1) % n, first + i);
      if (vertices_[v].infinite) contradiction_ = "a side runs back on the one before";
    }
    for (Index i = 0; i < n; ++i) join(first + i, first + (i + 1) % n);
    first += n;
  }
  bool gables_stand = std::isfinite(sides.gable_top);
  const std::size_t steps_max = 8 * total + 64;
  for (std::size_t step = 0; alive_ > 0 && contradiction_ == nullptr; ++step) {
    if (step > steps_max) contradiction_ = "the wavefront does not end";
    if (settle()) continue;
    if (alive_ == 0 || contradiction_ != nullptr) break;
    const Event event = next_event();
    if (gables_stand && event.t > sides.gable_top && contradiction_ == nullptr) {
      gables_stand = false;
      now_ = std::max(now_, sides.gable_top);
      lean_gables();
      continue;
    }
    if (event.vertex == kNoVertex) contradiction_ = "sides move apart";
    if (contradiction_ != nullptr) break;
    now_ = event.t;
    if (event.is_split) {
      split(event);
      continue;
    }
    // The slower of the two is known better.
    const bool v_slower = dot(vertices_[event.vertex].velocity, vertices_[event.vertex].velocity) <=
                          dot(vertices_[event.other].velocity, vertices_[event.other].velocity);
    merge(event.vertex, event.other, at(v_slower ? event.vertex : event.other, now_));
  }
  if (contradiction_ != nullptr)
    return base::fail(base::ErrorCode::bad_input, std::string("straight skeleton: ") + contradiction_);
  skeleton.t_max = now_;
  planes_.clear();
  for (const Side& s : sides_) planes_.push_back({s.normal, s.start, s.speed});
  const auto linked = faces_from_arcs(arcs_, planes_, ring_sides_, skeleton);
  if (!linked) return linked;
  // The outline's own vertices come back bit for bit.
  for (Skeleton::Node& n : skeleton.nodes) n.p = n.p + origin_;
  std::size_t i = 0;
  for (const auto& ring : rings) {
    for (const Vec2d p : ring) skeleton.nodes[i++].p = p;
  }
  return check_faces(rings, skeleton);
}

}  // namespace

base::Result<void> straight_skeleton(std::span<const std::span<const Vec2d>> rings, const SkeletonSides& sides,
                                     Skeleton& skeleton) {
  static thread_local Wavefront wavefront;
  for (int attempt = 0;; ++attempt) {
    auto made = wavefront.run(rings, sides, attempt, skeleton);
    if (made || made.error().code != base::ErrorCode::bad_input || attempt + 1 == kAttempts) return made;
  }
}

}  // namespace citiverse::geo
