/*
 * The control of row path/cpp: a backtest on a recorded book of orders as one would write it in C++, with the steps and checks of the engine's:
 * the book at the house, the strategy of path-strategy.ts, every control of the risk manager that has something to judge, orders with their states,
 * the way to the venue, the venue's own book with its queues and what we took out of it, the way back, fees, position, margin. Money is counted in
 * 64-bit integers of 1e-8 USD, so that it ends on the same cent.
 *
 * path FLOW_FILE    then one line "ROWS PASSES" on standard input per round; answers with a line of JSON.
 */
#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

namespace {

constexpr int64_t NEVER = INT64_MAX;
constexpr int64_t MONEY_PER_VALUE = 1000000; /* a cent, in 1e-8 USD */
constexpr int64_t DOLLAR = 100000000;
/* As path-run.ts has them. */
constexpr int64_t FEED_US = 1001, ORDER_ENTRY_US = 1003, RESPONSE_US = 1002;
constexpr int64_t MAKER_PER_MILLION = 50, TAKER_PER_MILLION = 200;
constexpr int64_t OPENING = 28700 * DOLLAR, LEVERAGE = 1;
constexpr int64_t MAX_ORDER_QTY = 30, MAX_ORDER_VALUE = 25000 * DOLLAR, MAX_LONG = 25, MAX_SHORT = 36, MAX_OPEN_ORDERS = 3;
constexpr int64_t MAX_EXPOSURE = 26500 * DOLLAR;
/* As path-strategy.ts has them. */
constexpr int64_t QUOTE_QTY = 5, TAKE_QTY = 3, REQUOTE_TICKS = 2, TAKE_PAUSE_US = 20000, REFUSED_PAUSE_US = 50000;
constexpr int64_t EXCESS_PAUSE_US = 200000, EXCESS_QTY = 31, EXCESS_VALUE_QTY = 20, EXCESS_EXPOSURE_QTY = 24, EXCESS_MARGIN_QTY = 15;
constexpr int64_t EXCESS_BUY_PRICE = 130000, EXCESS_SELL_PRICE = 70000;
constexpr double WITHDRAW_AT = 0.8, TAKE_AT = 0.95;

enum Action : int8_t { CLEAR, SET, ADD, MODIFY, REDUCE, GAP };
constexpr int8_t F_LAST = 1;

[[noreturn]] void fail(const char *why) {
  fprintf(stderr, "%s\n", why);
  exit(1);
}

/* ---- The recording: columns, as the file has them. ---- */

struct Flow {
  int64_t rows, trade_rows;
  const double *ts, *trade_ts;
  const int32_t *price, *quantity, *order_id, *trade_price, *trade_quantity;
  const int8_t *action, *side, *flags, *aggressor;
};

/* ---- A book, order by order. ---- */

constexpr int LEVELS = 1 << 17, WORDS = LEVELS / 64, GROUPS = WORDS / 64;

struct BookOrder {
  int64_t quantity, joining;
  int32_t price, next, previous, id;
  int8_t side;
};

struct Level {
  int64_t quantity = 0;
  int32_t head = 0, tail = 0;
};

/* One side: a level for every price, and bits that say which hold something, so that the next is found.. */
class Side {
 public:
  explicit Side(bool is_bid) : levels(LEVELS), is_bid(is_bid) {}
  int32_t best = 0; /* 0 for none */
  std::vector<Level> levels;

  void occupy(int32_t price) {
    words[price >> 6] |= UINT64_C(1) << (price & 63);
    groups[price >> 12] |= UINT64_C(1) << ((price >> 6) & 63);
    top |= UINT64_C(1) << (price >> 12);
    if (best == 0 || (is_bid ? price > best : price < best)) best = price;
  }
  void vacate(int32_t price) {
    if ((words[price >> 6] &= ~(UINT64_C(1) << (price & 63))) == 0)
      if ((groups[price >> 12] &= ~(UINT64_C(1) << ((price >> 6) & 63))) == 0) top &= ~(UINT64_C(1) << (price >> 12));
    if (price == best) best = after(price);
  }
  /* The next worse price that holds something; 0 for none. */
  int32_t after(int32_t price) const { return is_bid ? below(price) : above(price); }

 private:
  bool is_bid;
  uint64_t words[WORDS] = {}, groups[GROUPS] = {}, top = 0;

  int32_t above(int32_t price) const {
    int at = price + 1;
    uint64_t bits = (at & 63) ? words[at >> 6] & (~UINT64_C(0) << (at & 63)) : 0;
    if (bits) return (at & ~63) | __builtin_ctzll(bits);
    int word = (at + 63) >> 6;
    bits = (word & 63) ? groups[word >> 6] & (~UINT64_C(0) << (word & 63)) : 0;
    if (!bits) {
      const int group = (word + 63) >> 6;
      const uint64_t rest = group < 64 ? top & (~UINT64_C(0) << group) : 0;
      if (!rest) return 0;
      word = __builtin_ctzll(rest) << 6;
      bits = groups[word >> 6];
    }
    word = (word & ~63) | __builtin_ctzll(bits);
    return (word << 6) | __builtin_ctzll(words[word]);
  }
  int32_t below(int32_t price) const {
    int at = price - 1;
    uint64_t bits = words[at >> 6] & (~UINT64_C(0) >> (63 - (at & 63)));
    if (bits) return (at & ~63) | (63 - __builtin_clzll(bits));
    int word = (at >> 6) - 1;
    if (word < 0) return 0;
    bits = groups[word >> 6] & (~UINT64_C(0) >> (63 - (word & 63)));
    if (!bits) {
      const int group = (word >> 6) - 1;
      const uint64_t rest = group < 0 ? 0 : top & (~UINT64_C(0) >> (63 - group));
      if (!rest) return 0;
      word = (63 - __builtin_clzll(rest)) << 6;
      bits = groups[word >> 6];
    }
    word = (word & ~63) | (63 - __builtin_clzll(bits));
    return (word << 6) | (63 - __builtin_clzll(words[word]));
  }
};

/* Slots of orders by id: open addressing, linear probing, no marks left behind. */
class IdIndex {
 public:
  IdIndex() : ids(CAPACITY), slots(CAPACITY) {}
  int32_t get(int32_t id) const {
    for (uint32_t at = (uint32_t)id & mask; ids[at]; at = (at + 1) & mask)
      if (ids[at] == id) return slots[at];
    return 0;
  }
  void set(int32_t id, int32_t slot) {
    if (size * 2 > mask) grow();
    size++;
    put(id, slot);
  }
  void remove(int32_t id) {
    uint32_t hole = (uint32_t)id & mask;
    while (ids[hole] != id) hole = (hole + 1) & mask;
    size--;
    for (uint32_t at = (hole + 1) & mask; ids[at]; at = (at + 1) & mask) {
      const uint32_t home = (uint32_t)ids[at] & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      ids[hole] = ids[at];
      slots[hole] = slots[at];
      hole = at;
    }
    ids[hole] = 0;
  }
  void clear() {
    std::fill(ids.begin(), ids.end(), 0);
    size = 0;
  }

 private:
  static constexpr uint32_t CAPACITY = 2048;
  std::vector<int32_t> ids, slots;
  uint32_t mask = CAPACITY - 1, size = 0;
  void put(int32_t id, int32_t slot) {
    uint32_t at = (uint32_t)id & mask;
    while (ids[at]) at = (at + 1) & mask;
    ids[at] = id;
    slots[at] = slot;
  }
  void grow() {
    std::vector<int32_t> old_ids(ids.size() * 2), old_slots(slots.size() * 2);
    old_ids.swap(ids);
    old_slots.swap(slots);
    mask = (uint32_t)ids.size() - 1;
    for (size_t at = 0; at < old_ids.size(); at++)
      if (old_ids[at]) put(old_ids[at], old_slots[at]);
  }
};

class Book {
 public:
  Book() : bids(true), asks(false), pool(1) {}
  Side bids, asks;
  int64_t joinings = 0;
  bool is_valid = false, is_building = false, is_crossed = false;

  bool is_usable() const { return is_valid && !is_crossed; }
  Side &side(int s) { return s > 0 ? bids : asks; }
  const Side &side(int s) const { return s > 0 ? bids : asks; }
  int64_t quantity_at(int s, int32_t price) const { return side(s).levels[price].quantity; }
  int32_t slot_of(int32_t id) const { return index.get(id); }
  const BookOrder &order_at(int32_t slot) const { return pool[slot]; }

  /* What is wrong with a row makes the book worthless until it begins anew. */
  void apply(int8_t action, int s, int32_t price, int64_t quantity, int32_t id) {
    switch (action) {
      case CLEAR:
        empty();
        is_valid = false;
        is_building = true;
        return;
      case ADD: {
        if (index.get(id)) return spoil();
        const int32_t slot = take();
        pool[slot].quantity = quantity;
        pool[slot].id = id;
        index.set(id, slot);
        join(slot, s, price);
        return;
      }
      case MODIFY: {
        const int32_t slot = index.get(id);
        if (!slot) return;
        if (quantity == 0) return drop(slot);
        BookOrder &order = pool[slot];
        if (order.side == s && order.price == price && quantity <= order.quantity) {
          side(s).levels[price].quantity += quantity - order.quantity;
          order.quantity = quantity;
          return;
        }
        leave(slot);
        order.quantity = quantity;
        join(slot, s, price);
        return;
      }
      case REDUCE: {
        const int32_t slot = index.get(id);
        if (!slot) return;
        BookOrder &order = pool[slot];
        if (quantity >= order.quantity) return drop(slot);
        order.quantity -= quantity;
        side(order.side).levels[order.price].quantity -= quantity;
        return;
      }
      default:
        return spoil();
    }
  }

  void complete() {
    if (is_building) {
      is_building = false;
      is_valid = true;
    }
    is_crossed = bids.best && asks.best && bids.best >= asks.best;
  }

  /* Quantity at a price whose orders joined no later than so many had. */
  int64_t quantity_before(int s, int32_t price, int64_t joined) const {
    int64_t sum = 0;
    for (int32_t slot = side(s).levels[price].head; slot && pool[slot].joining <= joined; slot = pool[slot].next) sum += pool[slot].quantity;
    return sum;
  }

 private:
  std::vector<BookOrder> pool;
  IdIndex index;
  int32_t first_free = 0;

  void spoil() { is_valid = is_building = false; }
  int32_t take() {
    if (!first_free) {
      pool.push_back(BookOrder{});
      return (int32_t)pool.size() - 1;
    }
    const int32_t slot = first_free;
    first_free = pool[slot].next;
    return slot;
  }
  void join(int32_t slot, int s, int32_t price) {
    BookOrder &order = pool[slot];
    Level &level = side(s).levels[price];
    order.side = (int8_t)s;
    order.price = price;
    order.joining = ++joinings;
    order.next = 0;
    order.previous = level.tail;
    if (level.tail) pool[level.tail].next = slot;
    else {
      level.head = slot;
      side(s).occupy(price);
    }
    level.tail = slot;
    level.quantity += order.quantity;
  }
  void leave(int32_t slot) {
    const BookOrder &order = pool[slot];
    Level &level = side(order.side).levels[order.price];
    if (order.next) pool[order.next].previous = order.previous;
    else level.tail = order.previous;
    if (order.previous) pool[order.previous].next = order.next;
    else level.head = order.next;
    level.quantity -= order.quantity;
    if (!level.head) side(order.side).vacate(order.price);
  }
  void drop(int32_t slot) {
    leave(slot);
    index.remove(pool[slot].id);
    pool[slot].next = first_free;
    first_free = slot;
  }
  void empty() {
    for (Side *s : {&bids, &asks})
      while (s->best) drop(s->levels[s->best].head);
    index.clear();
  }
};

/* ---- What goes between house and venue. ---- */

enum CommandKind : uint8_t { SUBMIT, CANCEL, REPLACE };
enum OrderType : uint8_t { MARKET, LIMIT };

struct Command {
  CommandKind kind;
  OrderType type;
  int8_t side;
  bool is_post_only;
  int32_t id, price;
  int64_t quantity, due_ts;
};

enum ReportKind : uint8_t { ACCEPTED, REJECTED, FILL, CANCELED, MODIFIED, MODIFY_REJECTED, CANCEL_REJECTED };

struct Report {
  ReportKind kind;
  bool is_taker;
  int32_t id, price;
  int64_t quantity, commission, ts, arrive_ts;
};

/* First in, first out. */
template <typename T>
class Queue {
 public:
  bool empty() const { return from == items.size(); }
  const T &front() const { return items[from]; }
  const T &back() const { return items.back(); }
  void push(const T &item) { items.push_back(item); }
  T pop() {
    const T item = items[from++];
    if (from == items.size()) {
      items.clear();
      from = 0;
    }
    return item;
  }

 private:
  std::vector<T> items;
  size_t from = 0;
};

/* ---- The venue: the recording's book, and our orders in it. ---- */

struct WorkingOrder {
  int32_t id, price;
  int64_t quantity, filled, joinings;
  int8_t side;
  OrderType type;
  bool is_post_only, is_fresh;
};

struct Amount {
  int side;
  int32_t price;
  int64_t quantity;
};

class Venue {
 public:
  Queue<Report> reports;

  void on_trade(int32_t price, int64_t quantity, int aggressor) {
    if (!orders.empty()) meet(-aggressor, price, quantity);
    for (Amount &each : traded_untold)
      if (each.side == -aggressor && each.price == price) {
        each.quantity += quantity;
        return;
      }
    traded_untold.push_back({-aggressor, price, quantity});
  }

  void on_delta(int8_t action, int side, int32_t price, int64_t quantity, int32_t id, int8_t flags) {
    const bool was_building = book.is_building;
    if (taken.empty()) book.apply(action, side, price, quantity, id);
    else {
      const int32_t slot = book.slot_of(id);
      const int left = slot ? book.order_at(slot).side : 0;
      const int32_t left_price = slot ? book.order_at(slot).price : 0;
      book.apply(action, side, price, quantity, id);
      if (left) level_changed(left, left_price);
    }
    if (!(flags & F_LAST)) return;
    book.complete();
    traded_untold.clear();
    if (was_building && book.is_valid) {
      taken.clear();
      for (WorkingOrder &order : orders) order.joinings = book.joinings;
    }
    if (!orders.empty() && book.is_usable()) meet_book();
  }

  void perform(const Command &command, int64_t at) {
    ts = at;
    switch (command.kind) {
      case SUBMIT:
        return submit(command);
      case CANCEL: {
        WorkingOrder *order = find(command.id);
        if (!order) return say(CANCEL_REJECTED, command.id);
        return cancel(order);
      }
      case REPLACE:
        return replace(command);
    }
  }

  int64_t ts = 0;

 private:
  Book book;
  std::vector<WorkingOrder> orders;
  std::vector<Amount> taken, traded_untold;
  int64_t net = 0;

  WorkingOrder *find(int32_t id) {
    for (WorkingOrder &order : orders)
      if (order.id == id) return &order;
    return nullptr;
  }
  void emit(Report report) {
    report.ts = ts;
    report.arrive_ts = ts + RESPONSE_US;
    if (!reports.empty()) report.arrive_ts = std::max(report.arrive_ts, reports.back().arrive_ts);
    reports.push(report);
  }
  void say(ReportKind kind, int32_t id) { emit({kind, false, id, 0, 0, 0, 0, 0}); }
  void remove(WorkingOrder *order) { orders.erase(orders.begin() + (order - orders.data())); }
  void cancel(WorkingOrder *order) {
    say(CANCELED, order->id);
    remove(order);
  }

  int64_t available(int side, int32_t price) const {
    int64_t quantity = book.quantity_at(side, price);
    for (const Amount &each : taken)
      if (each.side == side && each.price == price) return std::max<int64_t>(0, quantity - each.quantity);
    return quantity;
  }
  int32_t best_available(int side) const {
    if (!book.is_usable()) return 0;
    int32_t price = book.side(side).best;
    while (price && available(side, price) < 1) price = book.side(side).after(price);
    return price;
  }
  void take_out(int side, int32_t price, int64_t quantity) {
    for (Amount &each : taken)
      if (each.side == side && each.price == price) {
        each.quantity += quantity;
        return;
      }
    taken.push_back({side, price, quantity});
  }
  void level_changed(int side, int32_t price) {
    for (size_t at = 0; at < taken.size(); at++) {
      if (taken[at].side != side || taken[at].price != price) continue;
      taken[at].quantity = std::min(taken[at].quantity, book.quantity_at(side, price));
      if (taken[at].quantity == 0) {
        taken[at] = taken.back();
        taken.pop_back();
      }
      return;
    }
  }

  static bool is_price(int64_t price) { return price > 0 && price < LEVELS; }
  static bool is_quantity(int64_t quantity) { return quantity > 0; }
  bool would_take(int side, int32_t limit) const {
    const int32_t price = best_available(-side);
    return price && side * (price - limit) <= 0;
  }

  void submit(const Command &command) {
    if (find(command.id)) fail("an order is submitted once");
    if (command.type == LIMIT && !is_price(command.price)) return say(REJECTED, command.id);
    if (!is_quantity(command.quantity)) return say(REJECTED, command.id);
    if (command.is_post_only && would_take(command.side, command.price)) return say(REJECTED, command.id);
    say(ACCEPTED, command.id);
    orders.push_back({command.id, command.price, command.quantity, 0, 0, command.side, command.type, command.is_post_only, true});
    arrive(command.id);
  }

  void replace(const Command &command) {
    WorkingOrder *order = find(command.id);
    if (!order || !is_price(command.price) || !is_quantity(command.quantity)) return say(MODIFY_REJECTED, command.id);
    if (order->is_post_only && would_take(order->side, command.price)) return say(MODIFY_REJECTED, command.id);
    const bool loses_place = command.price != order->price || command.quantity > order->quantity;
    order->quantity = std::max(command.quantity, order->filled);
    order->price = command.price;
    emit({MODIFIED, false, order->id, order->price, order->quantity, 0, 0, 0});
    if (order->quantity == order->filled) return remove(order);
    if (!loses_place) return;
    WorkingOrder again = *order;
    again.is_fresh = true;
    remove(order);
    orders.push_back(again);
    arrive(again.id);
  }

  /* Takes what it may; what is left rests or ends. */
  void arrive(int32_t id) {
    WorkingOrder *order = find(id);
    if (order->is_post_only && would_take(order->side, order->price)) return cancel(order);
    if (!take(order)) return;
    if (order->type == MARKET) return cancel(order);
    if (own_against(*order, order->price)) return cancel(order);
    order->is_fresh = false;
    order->joinings = book.joinings;
  }

  /* False where the order has ended. */
  bool take(WorkingOrder *order) {
    const int side = order->side, other = -side;
    int32_t price = best_available(other);
    int64_t left = order->quantity - order->filled;
    while (price && left > 0 && (order->type == MARKET || side * (price - order->price) <= 0)) {
      if (own_against(*order, price)) {
        cancel(order);
        return false;
      }
      const int64_t there = std::min(left, available(other, price));
      if (there > 0) {
        take_out(other, price, there);
        left -= there;
        if (fill(order, price, there, true)) return false;
      }
      price = book.side(other).after(price);
    }
    return true;
  }

  bool own_against(const WorkingOrder &order, int32_t price) const {
    for (const WorkingOrder &other : orders)
      if (other.side != order.side && !other.is_fresh && other.type == LIMIT && order.side * (other.price - price) <= 0) return true;
    return false;
  }

  /* Our resting orders of a side that a taker at `price` reaches, the best price first, then the one that came first. */
  void resting_at(int side, int32_t price, std::vector<int32_t> &ids) {
    ids.clear();
    for (const WorkingOrder &order : orders)
      if (order.side == side && !order.is_fresh && order.type == LIMIT && side * (order.price - price) >= 0) ids.push_back(order.id);
    if (ids.size() > 1)
      std::stable_sort(ids.begin(), ids.end(), [&](int32_t a, int32_t b) { return side * (find(a)->price - find(b)->price) > 0; });
  }

  void meet(int side, int32_t price, int64_t quantity) {
    resting_at(side, price, reached);
    int64_t left = quantity;
    for (int32_t id : reached) {
      if (left <= 0) break;
      WorkingOrder *order = find(id);
      const int64_t reaching = left - (order->price == price ? ahead(*order) : 0);
      if (reaching <= 0) continue;
      const int64_t filled = std::min(order->quantity - order->filled, reaching);
      fill(order, order->price, filled, false);
      left -= filled;
    }
  }

  int64_t ahead(const WorkingOrder &order) const {
    int64_t before = book.quantity_before(order.side, order.price, order.joinings);
    for (const Amount &each : traded_untold)
      if (each.side == order.side && each.price == order.price) before -= each.quantity;
    return std::max<int64_t>(0, before);
  }

  void meet_book() {
    for (int side : {1, -1}) {
      const int32_t best = best_available(-side);
      if (!best) continue;
      resting_at(side, best, reached);
      for (int32_t id : reached) {
        WorkingOrder *order = find(id);
        int32_t price = best_available(-side);
        while (price && side * (order->price - price) >= 0) {
          const int64_t filled = std::min(order->quantity - order->filled, available(-side, price));
          const bool is_done = fill(order, order->price, filled, false);
          take_out(-side, price, filled);
          if (is_done) break;
          price = best_available(-side);
        }
      }
    }
  }

  /* True where that was the last of the order. */
  bool fill(WorkingOrder *order, int32_t price, int64_t quantity, bool is_taker) {
    const int64_t commission = (int64_t)price * quantity * (is_taker ? TAKER_PER_MILLION : MAKER_PER_MILLION);
    net += order->side * quantity;
    emit({FILL, is_taker, order->id, price, quantity, commission, 0, 0});
    order->filled += quantity;
    if (order->filled < order->quantity) return false;
    remove(order);
    return true;
  }

  std::vector<int32_t> reached;
};

/* ---- The house. ---- */

enum Status : uint8_t { INITIALIZED, DENIED, SUBMITTED, LIVE, PART_FILLED, PENDING_MODIFY, PENDING_CANCEL, FILLED, ENDED, REFUSED };

struct OrderRow {
  int64_t quantity, filled, limit_price, pending_quantity, pending_price;
  int8_t side;
  OrderType type;
  bool is_post_only;
  Status status, former;
};

/* What the report of a run needs: every event of an order. */
struct OrderEvent {
  uint8_t kind;
  int32_t id, price;
  int64_t quantity, ts;
};
enum EventKind : uint8_t { E_INITIALIZED, E_DENIED, E_SUBMITTED, E_PENDING_CANCEL, E_PENDING_MODIFY, E_REPORT };

struct Fill {
  int64_t id, side, price, quantity, is_taker, commission, ts, heard_ts;
};

struct Quote {
  int32_t id = 0;
  int64_t price = 0, paused_to = 0;
  bool is_waiting = false;
};

/* Why an order is denied, in the order of DENIAL_CODES in path-run.ts, then what that list does not know. */
enum Verdict : uint8_t { TOO_MANY_LOTS, TOO_MUCH_VALUE, TOO_MANY_OPEN, POSITION_LIMIT, EXPOSURE_LIMIT, NO_MARGIN, VERDICTS, UNFIT, PASSES };

struct DeniedOrder {
  int32_t id;
  Verdict why;
};

bool is_open(Status status) { return status >= SUBMITTED && status <= PENDING_CANCEL; }

class House {
 public:
  Book book;
  Queue<Command> commands;
  std::vector<OrderRow> orders = std::vector<OrderRow>(1);
  std::vector<Fill> fills;
  std::vector<OrderEvent> events;
  std::vector<DeniedOrder> denials;
  int64_t now = 0, position = 0, cost = 0, realized = 0, commissions = 0, mark = 0;

  void on_delta(int8_t action, int side, int32_t price, int64_t quantity, int32_t id, int8_t flags) {
    book.apply(action, side, price, quantity, id);
    if (!(flags & F_LAST)) return;
    book.complete();
    if (!book.is_usable()) return;
    const int64_t bid = book.bids.best, ask = book.asks.best;
    if (bid && ask) mark = bid + (ask - bid) / 2;
    on_book(bid, ask);
  }

  int64_t cash() const { return OPENING + realized - commissions; }
  static int64_t value_of(int64_t price, int64_t quantity) { return price * quantity * MONEY_PER_VALUE; }
  int64_t equity() const { return cash() + value_of(mark, position) - cost; }

  /* The venue closes an account whose equity has come to half of the margin of what is held: looked at with every row. */
  void check_margin() const {
    if (position && equity() <= value_of(mark, std::abs(position)) / (2 * LEVERAGE)) fail("the account is closed by force");
  }

  void on_report(const Report &report) {
    OrderRow &order = orders[report.id];
    note(E_REPORT + report.kind, report.id, report.price, report.quantity);
    const bool was_open = is_open(order.status);
    const int64_t reserved_before = was_open ? reserved(order) : 0;
    switch (report.kind) {
      case ACCEPTED:
        if (order.status == SUBMITTED) order.status = LIVE;
        break;
      case REJECTED:
        order.status = REFUSED;
        break;
      case CANCELED:
        order.status = ENDED;
        break;
      case MODIFIED:
        if (!was_open) return;
        order.quantity = report.quantity;
        order.limit_price = report.price;
        settle_pending(order);
        break;
      case MODIFY_REJECTED:
        settle_pending(order);
        break;
      case CANCEL_REJECTED:
        if (order.status == PENDING_CANCEL) order.status = order.former;
        break;
      case FILL:
        order.filled += report.quantity;
        if (order.filled > order.quantity) fail("an order fills no more than it asked for");
        if (order.filled == order.quantity) order.status = FILLED;
        else if (order.status == LIVE || order.status == SUBMITTED) order.status = PART_FILLED;
        else if (order.former == LIVE) order.former = PART_FILLED;
        break;
    }
    count_open(order, was_open, reserved_before);
    if (report.kind == FILL) book_fill(report, order.side);
    tell_strategy(report.kind, report.id, order.status);
  }

 private:
  Quote bid_quote, ask_quote;
  int32_t take_id = 0;
  int64_t take_paused_to = 0, excesses = 0, excess_paused_to = 0;
  int64_t open_buys = 0, open_sells = 0, open_count = 0;
  bool is_halted = false, is_reducing = false;
  std::vector<int32_t> denied;

  void note(int kind, int32_t id, int32_t price, int64_t quantity) { events.push_back({(uint8_t)kind, id, price, quantity, now}); }

  /* -- strategy -- */

  void on_book(int64_t bid, int64_t ask) {
    if (!bid || !ask) return;
    const double bid_size = (double)book.bids.levels[bid].quantity, ask_size = (double)book.asks.levels[ask].quantity;
    const double lean = (bid_size - ask_size) / (bid_size + ask_size);
    if ((lean > TAKE_AT || lean < -TAKE_AT) && !take_id && now >= take_paused_to) {
      take_paused_to = now + TAKE_PAUSE_US;
      take_id = submit(MARKET, lean > 0 ? 1 : -1, TAKE_QTY, 0, false);
    }
    keep(bid_quote, 1, bid, lean >= -WITHDRAW_AT);
    keep(ask_quote, -1, ask, lean <= WITHDRAW_AT);
    if (now >= excess_paused_to) exceed();
    /* The strategy hears of what was denied after it has looked at the book. */
    for (int32_t id : denied) end(id, now + REFUSED_PAUSE_US);
    denied.clear();
  }

  void exceed() {
    excess_paused_to = now + EXCESS_PAUSE_US;
    switch (++excesses % 5) {
      case 1: return excess(1, EXCESS_QTY);
      case 2: return excess(1, EXCESS_VALUE_QTY);
      case 3: excess(-1, 1); return excess(-1, 1);
      case 4: return excess(-1, EXCESS_EXPOSURE_QTY);
      default: return excess(1, EXCESS_MARGIN_QTY);
    }
  }

  void excess(int side, int64_t quantity) { submit(LIMIT, side, quantity, side > 0 ? EXCESS_BUY_PRICE : EXCESS_SELL_PRICE, true); }

  void keep(Quote &quote, int side, int64_t price, bool is_wanted) {
    if (quote.is_waiting || now < quote.paused_to) return;
    if (!quote.id) {
      if (!is_wanted) return;
      quote.price = price;
      quote.is_waiting = true;
      quote.id = submit(LIMIT, side, QUOTE_QTY, price, true);
    } else if (!is_wanted) {
      quote.is_waiting = true;
      request_cancel(quote.id);
    } else if (std::abs(price - quote.price) >= REQUOTE_TICKS) {
      quote.price = price;
      quote.is_waiting = true;
      modify(quote.id, price);
    }
  }

  Quote *quote_of(int32_t id) { return bid_quote.id == id ? &bid_quote : ask_quote.id == id ? &ask_quote : nullptr; }

  void end(int32_t id, int64_t paused_to) {
    if (id == take_id) take_id = 0;
    Quote *quote = quote_of(id);
    if (!quote) return;
    quote->id = 0;
    quote->is_waiting = false;
    quote->paused_to = paused_to;
  }

  void tell_strategy(ReportKind kind, int32_t id, Status status) {
    Quote *quote = quote_of(id);
    switch (kind) {
      case ACCEPTED:
      case MODIFIED:
        if (quote) quote->is_waiting = false;
        return;
      case MODIFY_REJECTED:
        if (quote) {
          quote->is_waiting = false;
          quote->paused_to = now + REFUSED_PAUSE_US;
        }
        return;
      case REJECTED:
        return end(id, now + REFUSED_PAUSE_US);
      case CANCELED:
        return end(id, 0);
      case FILL:
        if (status == FILLED) end(id, 0);
        return;
      case CANCEL_REJECTED:
        return;
    }
  }

  /* -- orders -- */

  int32_t submit(OrderType type, int side, int64_t quantity, int64_t price, bool is_post_only) {
    const int32_t id = (int32_t)orders.size();
    orders.push_back({quantity, 0, price, 0, 0, (int8_t)side, type, is_post_only, INITIALIZED, INITIALIZED});
    note(E_INITIALIZED, id, (int32_t)price, quantity);
    OrderRow &order = orders[id];
    const Verdict verdict = judge(order, price, quantity, true);
    if (verdict != PASSES) {
      order.status = DENIED;
      denials.push_back({id, verdict});
      note(E_DENIED, id, 0, 0);
      denied.push_back(id);
      return id;
    }
    order.status = SUBMITTED;
    count_open(order, false, 0);
    note(E_SUBMITTED, id, 0, 0);
    send({SUBMIT, type, (int8_t)side, is_post_only, id, (int32_t)price, quantity, 0});
    return id;
  }

  void request_cancel(int32_t id) {
    OrderRow &order = orders[id];
    if (!is_open(order.status) || order.status == PENDING_CANCEL) return;
    order.former = order.status;
    order.status = PENDING_CANCEL;
    note(E_PENDING_CANCEL, id, 0, 0);
    send({CANCEL, order.type, order.side, false, id, 0, 0, 0});
  }

  void modify(int32_t id, int64_t price) {
    OrderRow &order = orders[id];
    if (!is_open(order.status) || order.status == PENDING_CANCEL || order.pending_quantity || judge(order, price, order.quantity, false) != PASSES)
      fail("the strategy changes what may be changed");
    const int64_t reserved_before = reserved(order);
    order.pending_quantity = order.quantity;
    order.pending_price = price;
    order.former = order.status;
    order.status = PENDING_MODIFY;
    count_open(order, true, reserved_before);
    note(E_PENDING_MODIFY, id, (int32_t)price, order.quantity);
    send({REPLACE, order.type, order.side, order.is_post_only, id, (int32_t)price, order.quantity, 0});
  }

  void send(Command command) {
    command.due_ts = now + ORDER_ENTRY_US;
    commands.push(command);
  }

  void settle_pending(OrderRow &order) {
    order.pending_quantity = order.pending_price = 0;
    if (order.status == PENDING_MODIFY) order.status = order.former;
  }

  /* What an open order may still trade: an answer that is not there yet counts with the larger quantity. */
  static int64_t reserved(const OrderRow &order) { return std::max(order.quantity, order.pending_quantity) - order.filled; }

  void count_open(const OrderRow &order, bool was_open, int64_t reserved_before) {
    const bool open = is_open(order.status);
    open_count += open - was_open;
    (order.side > 0 ? open_buys : open_sells) += (open ? reserved(order) : 0) - reserved_before;
  }

  /* -- risk: the controls in their order -- */

  Verdict judge(const OrderRow &order, int64_t price, int64_t quantity, bool is_new) const {
    if (is_new ? order.status != INITIALIZED : !is_open(order.status)) return UNFIT;
    if (is_halted) return UNFIT;
    if (quantity < 1 || (order.type == LIMIT ? price <= 0 : price != 0)) return UNFIT;
    if (order.is_post_only && order.type != LIMIT) return UNFIT;
    if (is_reducing && order.side * position >= 0) return UNFIT;
    if (!book.is_usable()) return UNFIT;
    if (quantity > MAX_ORDER_QTY) return TOO_MANY_LOTS;
    const int64_t counted = order_price(order, price);
    if (value_of(counted, quantity) > MAX_ORDER_VALUE) return TOO_MUCH_VALUE;
    if (is_new && open_count + 1 > MAX_OPEN_ORDERS) return TOO_MANY_OPEN;
    const int64_t own = is_new ? 0 : reserved(order);
    const int64_t leaves = is_new ? quantity : std::max(quantity, order.quantity) - order.filled;
    const int64_t added = leaves - own;
    const int64_t buys = open_buys + (order.side > 0 ? added : 0), sells = open_sells + (order.side < 0 ? added : 0);
    const int64_t worst_long = position + buys, worst_short = sells - position;
    if (order.side > 0 ? worst_long > MAX_LONG : worst_short > MAX_SHORT) return POSITION_LIMIT;
    const int64_t worst = std::max<int64_t>(0, std::max(worst_long, worst_short));
    const int64_t worst_before = std::max<int64_t>(0, std::max(position + open_buys, open_sells - position));
    if (worst > worst_before && value_of(mark, worst) > MAX_EXPOSURE) return EXPOSURE_LIMIT;
    return has_margin(order.side, counted, worst_long, worst_short, buys, sells, added) ? PASSES : NO_MARGIN;
  }

  /* A buy's limit; else the higher of its own price and the mark. */
  int64_t order_price(const OrderRow &order, int64_t price) const {
    const int64_t now_price = order.side > 0 && price ? price : std::max(price, mark);
    if (order.status == INITIALIZED) return now_price;
    const int64_t working = std::max(order.limit_price, order.pending_price);
    return std::max(now_price, order.side > 0 ? working : std::max(working, mark));
  }

  bool has_margin(int side, int64_t price, int64_t worst_long, int64_t worst_short, int64_t buys, int64_t sells, int64_t added) const {
    const int64_t worst = side > 0 ? worst_long : worst_short;
    if (worst <= std::max<int64_t>(0, worst - added)) return true;
    const int64_t used = value_of(mark, std::abs(position)) / LEVERAGE;
    const int64_t fees = price * (buys + sells) * TAKER_PER_MILLION;
    const int64_t needed = value_of(price, worst) / LEVERAGE - used + fees;
    return needed <= equity() - used;
  }

  /* -- positions -- */

  static int64_t share_half_even(int64_t whole, int64_t part, int64_t of) {
    const __int128 product = (__int128)whole * part;
    const __int128 size = product < 0 ? -product : product;
    __int128 quotient = size / of;
    const __int128 twice = (size - quotient * of) * 2;
    if (twice > of || (twice == of && (quotient & 1))) quotient++;
    return (int64_t)(product < 0 ? -quotient : quotient);
  }

  void book_fill(const Report &report, int side) {
    const int64_t signed_quantity = side * report.quantity;
    const int64_t closed = position * signed_quantity < 0 ? std::min(std::abs(position), report.quantity) : 0;
    const int64_t opened = report.quantity - closed;
    if (closed) {
      const int64_t released = closed == std::abs(position) ? cost : share_half_even(cost, closed, std::abs(position));
      realized += value_of(report.price, -side * closed) - released;
      cost -= released;
    }
    if (opened) cost += value_of(report.price, side * opened);
    position += signed_quantity;
    commissions += report.commission;
    fills.push_back({report.id, side, report.price, report.quantity, report.is_taker, report.commission, report.ts, now});
  }
};

/* ---- A run. ---- */

struct Outcome {
  int64_t orders, fills, denials, position, realized, commissions, equity;
  int64_t denied[VERDICTS];
  uint64_t checksum;
};

uint64_t mix(uint64_t hash, int64_t word) { return (hash ^ (uint64_t)word) * UINT64_C(0x100000001b3); }

class Run {
 public:
  Run(const Flow &flow, int64_t rows) : flow(flow), rows(rows) {}

  /* Rows of the house in order of time, changes before trades; before each what is due at the venue and on the ways. */
  void play() {
    int64_t row = 0, trade = 0;
    while (row < rows) {
      const int64_t ts = (int64_t)flow.ts[row];
      const bool is_trade = trade < flow.trade_rows && (int64_t)flow.trade_ts[trade] < ts;
      const int64_t next = is_trade ? (int64_t)flow.trade_ts[trade] : ts;
      settle(next);
      house.now = next;
      if (is_trade) {
        house.mark = flow.trade_price[trade];
        trade++;
      } else {
        house.on_delta(flow.action[row], flow.side[row], flow.price[row], flow.quantity[row], flow.order_id[row], flow.flags[row]);
        row++;
      }
      house.check_margin();
    }
    /* Trades of the last change's time. */
    const int64_t last = (int64_t)flow.ts[rows - 1];
    for (; trade < flow.trade_rows && (int64_t)flow.trade_ts[trade] <= last; trade++) house.mark = flow.trade_price[trade];
  }

  Outcome outcome() const {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const Fill &fill : house.fills)
      for (int64_t word : {fill.id, fill.side, fill.price, fill.quantity, fill.is_taker, fill.commission, fill.ts, fill.heard_ts}) hash = mix(hash, word);
    Outcome outcome = {(int64_t)house.orders.size() - 1, (int64_t)house.fills.size(), (int64_t)house.denials.size(), house.position,
                       house.realized, house.commissions, house.equity(), {}, 0};
    for (const DeniedOrder &each : house.denials) {
      if (each.why >= VERDICTS) fail("an order is denied for nothing that the list knows");
      outcome.denied[each.why]++;
      hash = mix(mix(hash, each.id), each.why);
    }
    for (int64_t word : {outcome.orders, outcome.fills, outcome.denials, outcome.position, outcome.realized, outcome.commissions, outcome.equity})
      hash = mix(hash, word);
    outcome.checksum = hash;
    return outcome;
  }

 private:
  const Flow &flow;
  const int64_t rows;
  House house;
  Venue venue;
  int64_t venue_row = 0, venue_trade = 0;

  int64_t venue_ts() const {
    const int64_t delta = venue_row < rows ? (int64_t)flow.ts[venue_row] : NEVER;
    const int64_t trade = venue_trade < flow.trade_rows ? (int64_t)flow.trade_ts[venue_trade] : NEVER;
    const int64_t next = std::min(delta, trade);
    return next == NEVER ? NEVER : next - FEED_US;
  }

  void settle(int64_t to) {
    for (;;) {
      const int64_t made = venue_ts();
      const int64_t sent = house.commands.empty() ? NEVER : house.commands.front().due_ts;
      const int64_t heard = venue.reports.empty() ? NEVER : venue.reports.front().arrive_ts;
      const int64_t first = std::min(made, std::min(sent, heard));
      if (first > to) return;
      if (first == made) show(first);
      else if (first == sent) venue.perform(house.commands.pop(), first);
      else {
        house.now = first;
        house.on_report(venue.reports.pop());
      }
    }
  }

  /* What the venue made at one time: trades, then what they and others changed. */
  void show(int64_t ts) {
    const double recorded = (double)(ts + FEED_US);
    venue.ts = ts;
    for (; venue_trade < flow.trade_rows && flow.trade_ts[venue_trade] == recorded; venue_trade++)
      venue.on_trade(flow.trade_price[venue_trade], flow.trade_quantity[venue_trade], flow.aggressor[venue_trade]);
    for (; venue_row < rows && flow.ts[venue_row] == recorded; venue_row++)
      venue.on_delta(flow.action[venue_row], flow.side[venue_row], flow.price[venue_row], flow.quantity[venue_row], flow.order_id[venue_row],
                     flow.flags[venue_row]);
  }
};

int64_t now_ns() {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

/* As book-flow.ts writes it. */
Flow read_flow(const char *path, std::vector<char> &bytes) {
  FILE *file = fopen(path, "rb");
  if (!file) fail("cannot read the flow");
  fseek(file, 0, SEEK_END);
  bytes.resize((size_t)ftell(file));
  rewind(file);
  if (fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) fail("cannot read the flow");
  fclose(file);
  const char *at = bytes.data();
  const double *counts = (const double *)at;
  Flow flow = {};
  flow.rows = (int64_t)counts[0];
  flow.trade_rows = (int64_t)counts[1];
  at += 16;
  const auto next = [&](auto *&column, int64_t length) {
    column = (std::remove_reference_t<decltype(column)>)at;
    at += (size_t)length * sizeof *column;
  };
  next(flow.ts, flow.rows);
  next(flow.trade_ts, flow.trade_rows);
  next(flow.price, flow.rows);
  next(flow.quantity, flow.rows);
  next(flow.order_id, flow.rows);
  next(flow.trade_price, flow.trade_rows);
  next(flow.trade_quantity, flow.trade_rows);
  next(flow.action, flow.rows);
  next(flow.side, flow.rows);
  next(flow.flags, flow.rows);
  next(flow.aggressor, flow.trade_rows);
  if (at != bytes.data() + bytes.size()) fail("the flow has another length than it says");
  return flow;
}

}  // namespace

int main(int count, char **arguments) {
  if (count != 2) return 2;
  std::vector<char> bytes;
  const Flow flow = read_flow(arguments[1], bytes);
  printf("{\"ready\":true}\n");
  fflush(stdout);
  int64_t rows, passes;
  while (scanf("%" SCNd64 " %" SCNd64, &rows, &passes) == 2) {
    if (rows != flow.rows || passes < 1) return 2;
    Outcome outcome = {};
    int64_t ns = 0;
    for (int64_t pass = 0; pass < passes; pass++) {
      const int64_t since = now_ns();
      Run run(flow, rows);
      run.play();
      ns += now_ns() - since;
      outcome = run.outcome();
    }
    std::string denied;
    for (int64_t each : outcome.denied) denied += (denied.empty() ? "" : " ") + std::to_string(each);
    printf("{\"ns\":%.0f,\"orders\":%" PRId64 ",\"fills\":%" PRId64 ",\"denials\":%" PRId64 ",\"denied\":\"%s\",\"position\":%" PRId64 ",\"realized\":\"%" PRId64
           "\",\"commissions\":\"%" PRId64 "\",\"equity\":\"%" PRId64 "\",\"checksum\":\"%016" PRIx64 "\"}\n",
           (double)ns / (double)passes, outcome.orders, outcome.fills, outcome.denials, denied.c_str(), outcome.position, outcome.realized,
           outcome.commissions, outcome.equity, outcome.checksum);
    fflush(stdout);
  }
  return 0;
}
