/*
 * The control of row matching/cpp: the matching engine of src/sim/exchange in C++, as one would write it there. Price ladders as arrays with three
 * levels of bits, orders in a pool with integer links, ids in an open-addressing table. It knows every order type and check of continuous trading:
 * market, limit, stops, trailing stops, if-touched orders, icebergs, post-only, reduce-only, IOC, FOK, GTD, self-trade prevention, price bands.
 * Auctions and phases, which continuous trading never asks about, are left out.
 *
 * matching FLOW_FILE OPERATIONS    then one line "OPERATIONS PASSES" on standard input per round; answers with a line of JSON.
 */
#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <queue>
#include <vector>

namespace {

enum Type : uint8_t { MARKET = 1, LIMIT, STOP, STOP_LIMIT, TRAILING_STOP, MARKET_IF_TOUCHED, LIMIT_IF_TOUCHED };
enum TimeInForce : uint8_t { DAY = 1, GTC, IOC, FOK, GTD };
enum SelfTrade : uint8_t { NONE, CANCEL_NEWEST, CANCEL_OLDEST, CANCEL_BOTH, DECREMENT };
enum Place : uint8_t { MOVING, BOOK, ABOVE, BELOW, TRIGGERED };
enum Kind : uint8_t { ACCEPTED = 1, REJECTED, TRADE, CANCELED, EXPIRED, TRIGGER, MODIFIED, MODIFY_REJECTED, CANCEL_REJECTED, REDUCED };
enum Reason : int8_t {
  OK, REQUESTED, MARKET_CLOSED, NOT_CONTINUOUS, BAD_QUANTITY, BAD_PRICE, BAD_TERMS, PRICE_BAND, WOULD_TAKE, REDUCE_ONLY, BOOK_FULL,
  UNKNOWN_ORDER, NO_LIQUIDITY, NOT_FILLABLE, SELF_TRADE
};
constexpr uint8_t F_POST_ONLY = 1, F_REDUCE_ONLY = 2, F_TRIGGERED = 4;
constexpr int64_t PRICE_MAX = INT64_C(9007199254740991) / 10000;
constexpr int64_t NO_KEY = INT64_MAX;

struct NewOrder {
  int8_t side = 1;
  uint8_t type = LIMIT, time_in_force = GTC, self_trade = NONE, trailing_type = 0;
  bool post_only = false, reduce_only = false;
  int32_t owner = 0;
  int64_t quantity = 0, limit_price = 0, stop_price = 0, trailing_offset = 0, display = 0, expire_ts = 0;
};

struct Order {
  int64_t key, quantity;
  int32_t next, previous;
  int64_t id, order_qty, hidden, limit_price;
  int32_t owner;
  int8_t side;
  uint8_t type, time_in_force, self_trade, flags, place, trailing_type;
  int64_t stop_price, display, trailing_offset, expire_ts;
  int32_t next_owned, previous_owned;
};

struct Report {
  Kind kind;
  int8_t reason;
  int64_t order, other, price, quantity;
};

std::vector<Order> pool(1);

constexpr int WINDOW = 65536, MARGIN = WINDOW / 4, WORDS = WINDOW / 64, GROUPS = WORDS / 64;

class Ladder {
 public:
  int best = -1;
  int64_t base = 0;
  int32_t head[WINDOW] = {}, tail[WINDOW] = {};
  int64_t quantity[WINDOW] = {};

  int64_t best_key() const { return best < 0 ? NO_KEY : base + best; }

  void append(int32_t slot, int64_t key) {
    pool[slot].key = key;
    const int64_t at = key - base;
    if (at < 0 || at >= WINDOW || best < 0) return append_outside(slot, key);
    link(slot, (int)at);
  }

  void remove(int32_t slot) {
    Order &order = pool[slot];
    const int64_t place = order.key - base;
    if (place >= WINDOW) return remove_far(slot);
    const int at = (int)place;
    if (order.next) pool[order.next].previous = order.previous;
    else tail[at] = order.previous;
    if (order.previous) pool[order.previous].next = order.next;
    else head[at] = order.next;
    quantity[at] -= order.quantity;
    if (head[at] == 0) vacate(at);
  }

  void change(int32_t slot, int64_t lots) {
    pool[slot].quantity += lots;
    const int64_t place = pool[slot].key - base;
    if (place < WINDOW) quantity[place] += lots;
    else far[pool[slot].key].quantity += lots;
  }

  int32_t head_at(int64_t key) const {
    const int64_t at = key - base;
    if (at >= 0 && at < WINDOW) return head[at];
    auto found = far.find(key);
    return found == far.end() ? 0 : found->second.head;
  }

  int64_t key_after(int64_t key) const {
    const int64_t at = key - base + 1;
    if (at < 0) return best_key();
    const int found = at < WINDOW ? occupied_from((int)at) : -1;
    if (found >= 0) return base + found;
    auto next = far.upper_bound(key);
    return next == far.end() ? NO_KEY : next->first;
  }

 private:
  struct Level {
    int32_t head = 0, tail = 0;
    int64_t quantity = 0;
  };
  uint64_t words[WORDS] = {}, groups[GROUPS] = {};
  std::map<int64_t, Level> far;

  void occupy(int at) {
    words[at >> 6] |= UINT64_C(1) << (at & 63);
    groups[at >> 12] |= UINT64_C(1) << ((at >> 6) & 63);
  }

  void link(int32_t slot, int at) {
    Order &order = pool[slot];
    const int32_t last = tail[at];
    order.next = 0;
    order.previous = last;
    tail[at] = slot;
    if (last) {
      pool[last].next = slot;
      quantity[at] += order.quantity;
      return;
    }
    head[at] = slot;
    quantity[at] = order.quantity;
    occupy(at);
    if (at < best || best < 0) best = at;
  }

  void vacate(int at) {
    const int word = at >> 6;
    if ((words[word] &= ~(UINT64_C(1) << (at & 63))) == 0) groups[word >> 6] &= ~(UINT64_C(1) << (word & 63));
    if (at != best) return;
    best = occupied_from(at);
    if (best < 0 && !far.empty()) move_window(far.begin()->first - MARGIN);
  }

  int occupied_from(int from) const {
    int word = from >> 6;
    uint64_t bits = words[word] & (~UINT64_C(0) << (from & 63));
    if (bits) return (word << 6) | __builtin_ctzll(bits);
    word += 1;
    if (word >= WORDS) return -1;
    int group = word >> 6;
    bits = groups[group] & (~UINT64_C(0) << (word & 63));
    while (!bits) {
      if (++group >= GROUPS) return -1;
      bits = groups[group];
    }
    word = (group << 6) | __builtin_ctzll(bits);
    return (word << 6) | __builtin_ctzll(words[word]);
  }

  void append_outside(int32_t slot, int64_t key) {
    if (best < 0) base = key - MARGIN;
    else if (key < base) move_window(key - MARGIN);
    else if (best > 2 * MARGIN) move_window(base + best - MARGIN);
    const int64_t at = key - base;
    if (at < WINDOW) return link(slot, (int)at);
    Level &level = far[key];
    Order &order = pool[slot];
    order.next = 0;
    order.previous = level.tail;
    if (level.tail) pool[level.tail].next = slot;
    else level.head = slot;
    level.tail = slot;
    level.quantity += order.quantity;
  }

  void remove_far(int32_t slot) {
    Order &order = pool[slot];
    Level &level = far[order.key];
    if (order.next) pool[order.next].previous = order.previous;
    else level.tail = order.previous;
    if (order.previous) pool[order.previous].next = order.next;
    else level.head = order.next;
    level.quantity -= order.quantity;
    if (!level.head) far.erase(order.key);
  }

  void move_window(int64_t to) {
    for (int at = occupied_from(0); at >= 0; at = at + 1 < WINDOW ? occupied_from(at + 1) : -1) {
      far[base + at] = {head[at], tail[at], quantity[at]};
      head[at] = tail[at] = 0;
    }
    memset(words, 0, sizeof words);
    memset(groups, 0, sizeof groups);
    base = to;
    best = -1;
    while (!far.empty() && far.begin()->first - base < WINDOW) {
      const int at = (int)(far.begin()->first - base);
      const Level level = far.begin()->second;
      far.erase(far.begin());
      head[at] = level.head;
      tail[at] = level.tail;
      quantity[at] = level.quantity;
      occupy(at);
      if (best < 0) best = at;
    }
  }
};

class IdIndex {
 public:
  int64_t size = 0;
  IdIndex() : ids(2048), slots(2048) {}
  void set(int64_t id, int32_t slot) {
    if (size * 2 >= (int64_t)ids.size()) grow();
    size++;
    put(id, slot);
  }
  int32_t get(int64_t id) const {
    const uint64_t mask = ids.size() - 1;
    for (uint64_t at = (uint64_t)id & mask; ids[at]; at = (at + 1) & mask)
      if (ids[at] == id) return slots[at];
    return 0;
  }
  void remove(int64_t id) {
    const uint64_t mask = ids.size() - 1;
    uint64_t hole = (uint64_t)id & mask;
    while (ids[hole] != id) hole = (hole + 1) & mask;
    size--;
    for (uint64_t at = (hole + 1) & mask; ids[at]; at = (at + 1) & mask) {
      const uint64_t home = (uint64_t)ids[at] & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      ids[hole] = ids[at];
      slots[hole] = slots[at];
      hole = at;
    }
    ids[hole] = 0;
  }

 private:
  std::vector<int64_t> ids;
  std::vector<int32_t> slots;
  void put(int64_t id, int32_t slot) {
    const uint64_t mask = ids.size() - 1;
    uint64_t at = (uint64_t)id & mask;
    while (ids[at]) at = (at + 1) & mask;
    ids[at] = id;
    slots[at] = slot;
  }
  void grow() {
    std::vector<int64_t> old_ids(ids.size() * 2);
    std::vector<int32_t> old_slots(slots.size() * 2);
    old_ids.swap(ids);
    old_slots.swap(slots);
    for (size_t at = 0; at < old_ids.size(); at++)
      if (old_ids[at]) put(old_ids[at], old_slots[at]);
  }
};

class Exchange {
 public:
  std::vector<Report> reports;
  int64_t live = 0;

  explicit Exchange(int owners_max = 1024) : owners_max(owners_max), position(owners_max + 1), first_owned(owners_max + 1), last_owned(owners_max + 1) {
    bids = new Ladder;
    asks = new Ladder;
    above = new Ladder;
    below = new Ladder;
    sides[0] = asks;
    sides[1] = bids;
    pool.assign(1, Order{});
    reports.reserve(256);
  }
  ~Exchange() {
    delete bids;
    delete asks;
    delete above;
    delete below;
  }

  int64_t submit(const NewOrder &asked) {
    const int64_t id = ++last_id;
    if (is_plain(asked)) submit_plain(id, asked);
    else submit_other(id, asked);
    return id;
  }

  bool cancel(int64_t id) {
    const int32_t slot = index.get(id);
    if (!slot) {
      say(CANCEL_REJECTED, id, 0, UNKNOWN_ORDER);
      return false;
    }
    end(slot, CANCELED, REQUESTED);
    return true;
  }

  void advance_to(int64_t ts) {
    now = ts;
    while (!expiries.empty() && expiries.top().first <= ts) {
      const int32_t slot = index.get(expiries.top().second);
      expiries.pop();
      if (slot) end(slot, EXPIRED, OK);
    }
  }

 private:
  static constexpr int64_t ORDERS_MAX = 1048576;
  using Expiry = std::pair<int64_t, int64_t>;
  Ladder *bids, *asks, *above, *below;
  Ladder *sides[2]; /* asks, bids: an order's side tells which, without a branch. */
  IdIndex index;
  std::priority_queue<Expiry, std::vector<Expiry>, std::greater<Expiry>> expiries;
  int owners_max;
  std::vector<int64_t> position;
  std::vector<int32_t> first_owned, last_owned, trailing, woken;
  size_t woken_from = 0;
  int64_t last_id = 0, now = 0, waiting = 0, low = INT64_MIN / 2, high = INT64_MAX / 2, last_price = 0;
  int32_t first_free = 0;
  bool has_last = false;

  /* The common order: a limit that rests in the open until it is canceled or the day ends. */
  static bool is_plain(const NewOrder &order) {
    return (order.side == 1 || order.side == -1) && order.type == LIMIT && (order.time_in_force == GTC || order.time_in_force == DAY) &&
           order.self_trade <= DECREMENT && order.display == 0 && !order.post_only && !order.reduce_only;
  }

  /* It needs fewer checks and fewer of an order's fields, and mostly finds nothing to trade with and rests. */
  void submit_plain(int64_t id, const NewOrder &asked) {
    Reason refusal = OK;
    if (asked.quantity <= 0) refusal = BAD_QUANTITY;
    else if (!(asked.limit_price >= low && asked.limit_price <= high)) refusal = is_price(asked.limit_price) ? PRICE_BAND : BAD_PRICE;
    else if (live >= ORDERS_MAX) refusal = BOOK_FULL;
    else if (asked.owner < 0 || asked.owner > owners_max) refusal = BAD_TERMS;
    if (refusal != OK) return say(REJECTED, id, asked.quantity, refusal);
    const int32_t slot = take_slot();
    Order &order = pool[slot];
    order.id = id;
    order.order_qty = order.quantity = asked.quantity;
    order.hidden = order.display = 0;
    order.limit_price = asked.limit_price;
    order.owner = asked.owner;
    order.side = asked.side;
    order.type = LIMIT;
    order.time_in_force = asked.time_in_force;
    order.self_trade = asked.self_trade;
    order.flags = 0;
    index.set(id, slot);
    say(ACCEPTED, id, asked.quantity, OK);
    const Ladder *book = sides[(1 - order.side) >> 1];
    if (book->best >= 0 && book->best_key() <= order.side * order.limit_price) {
      order.place = MOVING;
      execute(slot);
      return drain();
    }
    order.place = BOOK;
    sides[(1 + order.side) >> 1]->append(slot, -order.side * order.limit_price);
  }

  void submit_other(int64_t id, const NewOrder &asked) {
    Reason refusal = refusal_of(asked);
    int64_t quantity = asked.quantity;
    if (refusal == OK) {
      if (live >= ORDERS_MAX) refusal = BOOK_FULL;
      else if (asked.owner < 0 || asked.owner > owners_max) refusal = BAD_TERMS;
      else if (asked.reduce_only) {
        quantity = asked.owner == 0 ? 0 : std::min(quantity, reducible(asked.owner, asked.side));
        if (quantity == 0) refusal = REDUCE_ONLY;
      }
      if (asked.post_only && asked.type == LIMIT && would_take(asked.side, asked.limit_price)) refusal = WOULD_TAKE;
    }
    if (refusal != OK) {
      say(REJECTED, id, asked.quantity, refusal);
      return;
    }
    const int32_t slot = take_slot();
    Order &order = pool[slot];
    order.id = id;
    order.order_qty = order.quantity = quantity;
    order.hidden = 0;
    order.limit_price = asked.limit_price;
    order.stop_price = asked.stop_price;
    order.display = asked.display;
    order.trailing_offset = asked.trailing_offset;
    order.expire_ts = asked.expire_ts;
    order.owner = asked.owner;
    order.side = asked.side;
    order.type = asked.type;
    order.time_in_force = asked.time_in_force;
    order.self_trade = asked.self_trade;
    order.trailing_type = asked.trailing_type;
    order.flags = (asked.post_only ? F_POST_ONLY : 0) | (asked.reduce_only ? F_REDUCE_ONLY : 0);
    order.place = MOVING;
    index.set(id, slot);
    say(ACCEPTED, id, quantity, OK);
    if (asked.reduce_only) watch(slot);
    if (asked.time_in_force == GTD) expiries.push({asked.expire_ts, id});
    enter(slot);
    drain();
  }

  static bool limited(uint8_t type) { return type == LIMIT || type == STOP_LIMIT || type == LIMIT_IF_TOUCHED; }
  static bool is_price(int64_t price) { return price >= -PRICE_MAX && price <= PRICE_MAX; }

  Reason refusal_of(const NewOrder &order) const {
    if (order.quantity <= 0) return BAD_QUANTITY;
    const bool immediate = order.time_in_force == IOC || order.time_in_force == FOK;
    if (order.time_in_force == GTD && order.expire_ts <= now) return BAD_TERMS;
    const bool is_limit = limited(order.type);
    if (is_limit && !is_price(order.limit_price)) return BAD_PRICE;
    if (is_limit && (order.limit_price < low || order.limit_price > high)) return PRICE_BAND;
    if (order.type == LIMIT && order.display == 0 && !order.post_only) return OK;
    const bool resting = is_limit && !immediate;
    if (order.post_only && !resting) return BAD_TERMS;
    if (order.display && !(resting && order.display > 0 && order.display <= order.quantity)) return BAD_TERMS;
    if (order.type == MARKET || order.type == LIMIT) return OK;
    if (order.type == TRAILING_STOP) {
      if (order.trailing_offset <= 0 || (order.trailing_type == 2 && order.trailing_offset > 9999)) return BAD_TERMS;
    } else if (!is_price(order.stop_price)) return BAD_PRICE;
    return immediate ? BAD_TERMS : OK;
  }

  void say(Kind kind, int64_t order, int64_t quantity, int8_t reason) { reports.push_back({kind, reason, order, 0, 0, quantity}); }

  int32_t take_slot() {
    live++;
    if (first_free) {
      const int32_t slot = first_free;
      first_free = pool[slot].next;
      return slot;
    }
    pool.push_back(Order{});
    return (int32_t)pool.size() - 1;
  }

  void forget(int32_t slot) {
    Order &order = pool[slot];
    if (order.flags & F_REDUCE_ONLY) {
      if (order.previous_owned) pool[order.previous_owned].next_owned = order.next_owned;
      else first_owned[order.owner] = order.next_owned;
      if (order.next_owned) pool[order.next_owned].previous_owned = order.previous_owned;
      else last_owned[order.owner] = order.previous_owned;
    }
    index.remove(order.id);
    order.next = first_free;
    first_free = slot;
    live--;
  }

  void watch(int32_t slot) {
    Order &order = pool[slot];
    order.previous_owned = last_owned[order.owner];
    order.next_owned = 0;
    if (order.previous_owned) pool[order.previous_owned].next_owned = slot;
    else first_owned[order.owner] = slot;
    last_owned[order.owner] = slot;
  }

  int64_t reducible(int32_t owner, int side) const { return std::max<int64_t>(0, -side * position[owner]); }
  int64_t leaves(int32_t slot) const { return pool[slot].quantity + pool[slot].hidden; }
  Ladder *ladder_of(int32_t slot) { return pool[slot].side > 0 ? bids : asks; }

  bool would_take(int side, int64_t limit_price) const { return (side > 0 ? asks : bids)->best_key() <= side * limit_price; }

  bool waits_above(int32_t slot) const {
    const bool touched = pool[slot].type == MARKET_IF_TOUCHED || pool[slot].type == LIMIT_IF_TOUCHED;
    return touched != (pool[slot].side > 0);
  }

  int64_t trail(int32_t slot, int64_t price) const {
    const Order &order = pool[slot];
    const int64_t share = (std::llabs(price) * order.trailing_offset + 9999) / 10000;
    return price + order.side * (order.trailing_type == 1 ? order.trailing_offset : std::max<int64_t>(1, share));
  }

  void enter(int32_t slot) {
    Order &order = pool[slot];
    if ((order.flags & F_TRIGGERED) || order.type == MARKET || order.type == LIMIT) return execute(slot);
    const bool is_trailing = order.type == TRAILING_STOP;
    if (!is_trailing && has_last && (waits_above(slot) ? last_price >= order.stop_price : last_price <= order.stop_price)) return activate(slot);
    waiting++;
    order.place = waits_above(slot) ? ABOVE : BELOW;
    if (is_trailing) {
      trailing.push_back(slot);
      if (!has_last) {
        order.key = NO_KEY;
        return;
      }
      order.stop_price = trail(slot, last_price);
    }
    arm(slot);
  }

  void arm(int32_t slot) {
    Order &order = pool[slot];
    if (order.place == ABOVE) above->append(slot, order.stop_price);
    else below->append(slot, -order.stop_price);
  }

  void leave(int32_t slot) {
    waiting--;
    if (pool[slot].type == TRAILING_STOP) trailing.erase(std::find(trailing.begin(), trailing.end(), slot));
  }

  void print(int64_t price) {
    last_price = price;
    has_last = true;
    if (!waiting) return;
    for (int32_t slot : trailing) {
      Order &order = pool[slot];
      const int64_t wanted = trail(slot, price);
      if (order.key != NO_KEY) {
        if ((wanted - order.stop_price) * order.side >= 0) continue;
        (order.place == ABOVE ? above : below)->remove(slot);
      }
      order.stop_price = wanted;
      arm(slot);
    }
    wake(above, price);
    wake(below, -price);
  }

  void wake(Ladder *ladder, int64_t key) {
    while (ladder->best_key() <= key) {
      const int32_t slot = ladder->head[ladder->best];
      ladder->remove(slot);
      leave(slot);
      pool[slot].place = TRIGGERED;
      woken.push_back(slot);
    }
  }

  void drain() {
    while (woken_from < woken.size()) activate(woken[woken_from++]);
    woken.clear();
    woken_from = 0;
  }

  void activate(int32_t slot) {
    Order &order = pool[slot];
    order.place = MOVING;
    order.flags |= F_TRIGGERED;
    say(TRIGGER, order.id, leaves(slot), OK);
    if (!limited(order.type)) return execute(slot);
    if (order.limit_price < low || order.limit_price > high) return end(slot, CANCELED, PRICE_BAND);
    if ((order.flags & F_POST_ONLY) && would_take(order.side, order.limit_price)) return end(slot, CANCELED, WOULD_TAKE);
    execute(slot);
  }

  void end(int32_t slot, Kind kind, Reason reason) {
    say(kind, pool[slot].id, leaves(slot), reason);
    switch (pool[slot].place) {
      case MOVING: break;
      case BOOK: ladder_of(slot)->remove(slot); break;
      case TRIGGERED: woken.erase(std::find(woken.begin() + (long)woken_from, woken.end(), slot)); break;
      default:
        leave(slot);
        if (pool[slot].key != NO_KEY) (pool[slot].place == ABOVE ? above : below)->remove(slot);
    }
    forget(slot);
  }

  void execute(int32_t slot) {
    Order &order = pool[slot];
    const bool is_limit = limited(order.type);
    const int64_t limit_key = is_limit ? order.side * order.limit_price : order.side > 0 ? high : -low;
    Ladder *book = order.side > 0 ? asks : bids;
    if (book->best >= 0 && book->best_key() <= limit_key) {
      if (order.time_in_force == FOK && !is_fillable(slot, book, limit_key)) return end(slot, CANCELED, NOT_FILLABLE);
      sweep(slot, book, limit_key);
      if (pool[slot].quantity == 0) return forget(slot);
    }
    if (is_limit && order.time_in_force != IOC && order.time_in_force != FOK) return rest(slot);
    end(slot, CANCELED, !is_limit && book->best >= 0 ? PRICE_BAND : NO_LIQUIDITY);
  }

  void rest(int32_t slot) {
    Order &order = pool[slot];
    if (order.display && order.quantity > order.display) {
      order.hidden = order.quantity - order.display;
      order.quantity = order.display;
    }
    order.place = BOOK;
    ladder_of(slot)->append(slot, -order.side * order.limit_price);
  }

  void sweep(int32_t taker, Ladder *book, int64_t limit_key) {
    const int side = pool[taker].side;
    const int32_t owner = pool[taker].owner;
    const int64_t taker_id = pool[taker].id;
    const bool prevents = owner && pool[taker].self_trade != NONE;
    while (pool[taker].quantity > 0 && book->best >= 0) {
      const int64_t key = book->base + book->best;
      if (key > limit_key) return;
      const int32_t maker = book->head[book->best];
      if (prevents && pool[maker].owner == owner) {
        prevent(taker, maker);
        continue;
      }
      const int64_t shown = pool[maker].quantity, quantity = std::min(pool[taker].quantity, shown), price = side * key;
      pool[taker].quantity -= quantity;
      reports.push_back({TRADE, (int8_t)side, pool[maker].id, taker_id, price, quantity});
      const int32_t maker_owner = pool[maker].owner;
      if (quantity < shown) book->change(maker, -quantity);
      else consume(maker, book);
      print(price);
      if (maker_owner | owner) settle(side > 0 ? owner : maker_owner, side > 0 ? maker_owner : owner, quantity);
    }
  }

  void consume(int32_t maker, Ladder *book) {
    book->remove(maker);
    Order &order = pool[maker];
    if (!order.hidden) return forget(maker);
    const int64_t slice = std::min(order.hidden, order.display);
    order.hidden -= slice;
    order.quantity = slice;
    book->append(maker, order.key);
  }

  void prevent(int32_t taker, int32_t maker) {
    const uint8_t mode = pool[taker].self_trade;
    if (mode == DECREMENT) {
      const int64_t lots = std::min(leaves(taker), leaves(maker));
      cut(maker, lots, SELF_TRADE);
      cut(taker, lots, SELF_TRADE);
      return;
    }
    if (mode != CANCEL_NEWEST) end(maker, CANCELED, SELF_TRADE);
    if (mode != CANCEL_OLDEST) cut(taker, leaves(taker), SELF_TRADE);
  }

  void cut(int32_t slot, int64_t lots, Reason reason) {
    const bool all = lots == leaves(slot);
    if (all && pool[slot].place != MOVING) return end(slot, CANCELED, reason);
    say(all ? CANCELED : REDUCED, pool[slot].id, lots, reason);
    Order &order = pool[slot];
    const int64_t from_hidden = std::min(lots, order.hidden), from_shown = lots - from_hidden;
    order.order_qty -= lots;
    order.hidden -= from_hidden;
    if (!from_shown) return;
    if (order.place == BOOK) ladder_of(slot)->change(slot, -from_shown);
    else if ((order.place == ABOVE || order.place == BELOW) && order.key != NO_KEY) (order.place == ABOVE ? above : below)->change(slot, -from_shown);
    else order.quantity -= from_shown;
  }

  void settle(int32_t buyer, int32_t seller, int64_t quantity) {
    if (buyer) position[buyer] += quantity;
    if (seller) position[seller] -= quantity;
    cut_reduce_only(buyer);
    if (seller != buyer) cut_reduce_only(seller);
  }

  void cut_reduce_only(int32_t owner) {
    for (int32_t slot = first_owned[owner]; slot;) {
      const int32_t next = pool[slot].next_owned;
      const int64_t excess = leaves(slot) - reducible(owner, pool[slot].side);
      if (excess > 0) cut(slot, excess, REDUCE_ONLY);
      slot = next;
    }
  }

  bool is_fillable(int32_t taker, Ladder *book, int64_t limit_key) const {
    const int32_t owner = pool[taker].owner;
    const uint8_t mode = owner ? pool[taker].self_trade : (uint8_t)NONE;
    int64_t needed = pool[taker].quantity;
    for (int64_t key = book->best_key(); key <= limit_key && key != NO_KEY; key = book->key_after(key))
      for (int32_t slot = book->head_at(key); slot; slot = pool[slot].next) {
        if (mode != NONE && pool[slot].owner == owner) {
          if (mode != CANCEL_OLDEST) return false;
        } else if (!(pool[slot].flags & F_REDUCE_ONLY)) needed -= leaves(slot);
        if (needed <= 0) return true;
      }
    return false;
  }
};

int64_t now_ns() {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

struct Outcome {
  int64_t trades, resting;
  uint32_t checksum;
};

/* Rows of five 32-bit integers: kind, side, price, quantity, order id. */
__attribute__((noinline)) Outcome play(const int32_t *flow, int64_t operations) {
  Exchange exchange;
  NewOrder order;
  Outcome outcome = {0, 0, UINT32_C(0x811c9dc5)};
  for (int64_t at = 0; at < operations; at++) {
    const int32_t *row = flow + at * 5;
    const int32_t kind = row[0];
    if (kind == 1) exchange.cancel(row[4]);
    else {
      order.side = (int8_t)row[1];
      order.type = kind == 2 ? MARKET : LIMIT;
      order.limit_price = row[2];
      order.quantity = row[3];
      exchange.submit(order);
    }
    for (const Report &report : exchange.reports) {
      if (report.kind != TRADE) continue;
      outcome.trades++;
      for (int64_t word : {report.order, report.other, report.price, report.quantity})
        outcome.checksum = (outcome.checksum ^ (uint32_t)word) * UINT32_C(0x01000193);
    }
    exchange.reports.clear();
  }
  outcome.resting = exchange.live;
  return outcome;
}

}  // namespace

int main(int count, char **arguments) {
  if (count != 3) return 2;
  const int64_t rows = atoll(arguments[2]);
  std::vector<int32_t> flow((size_t)rows * 5);
  FILE *file = fopen(arguments[1], "rb");
  if (!file || fread(flow.data(), 4, flow.size(), file) != flow.size()) {
    fprintf(stderr, "cannot read %" PRId64 " operations from %s\n", rows, arguments[1]);
    return 1;
  }
  fclose(file);
  printf("{\"ready\":true}\n");
  fflush(stdout);
  int64_t operations, passes;
  while (scanf("%" SCNd64 " %" SCNd64, &operations, &passes) == 2) {
    if (operations > rows || passes < 1) return 2;
    const int64_t since = now_ns();
    Outcome outcome = play(flow.data(), operations);
    for (int64_t pass = 1; pass < passes; pass++) outcome = play(flow.data(), operations);
    const double ns = (double)(now_ns() - since) / (double)passes;
    printf("{\"ns\":%.0f,\"trades\":%" PRId64 ",\"resting\":%" PRId64 ",\"checksum\":\"%08" PRIx32 "\"}\n", ns, outcome.trades,
           outcome.resting, outcome.checksum);
    fflush(stdout);
  }
  return 0;
}
