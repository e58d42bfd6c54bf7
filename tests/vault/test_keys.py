"""From words to a member's key, to the site's, to the fields; and nobody else's."""

from __future__ import annotations

import collections
import threading
import time
import uuid
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings, strategies as st

from bulletin.vault import keys, queue, words
from bulletin.vault.keys import DoesNotOpen, Keyring, PrivateKey, WrongWords
from bulletin.vault.queue import Crowded, Gate

ROSAS = "mouse tabloid lantern iguana mustard unicycle"
BILLS = "4071 9920 1138 5562 0047 8813"
CHEAP = keys.Cost(memory_kib=8, passes=1)
DEPOT, MILL = uuid.UUID(int=1), uuid.UUID(int=2)
ROW, OTHER_ROW = uuid.UUID(int=11), uuid.UUID(int=12)


@pytest.fixture
def argon2(monkeypatch: pytest.MonkeyPatch) -> list[keys.Cost]:
    """The cost of each Argon2 as it is really asked for."""
    asked: list[keys.Cost] = []

    def counted(**arguments: object) -> object:
        assert arguments["lanes"] == 1
        asked.append(keys.Cost(arguments["memory_cost"], arguments["iterations"]))
        return real(**arguments)

    real = keys.Argon2id
    monkeypatch.setattr(keys, "Argon2id", counted)
    return asked


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "COST", CHEAP)


def changed(value: bytes, bit: int) -> bytes:
    place = bit % (len(value) * 8)
    return value[: place // 8] + bytes([value[place // 8] ^ 1 << place % 8]) + value[place // 8 + 1 :]


# Words and a member's key


def test_rosas_words_unlock_her_key_at_the_real_cost(argon2):
    key, locked = keys.new_member(ROSAS)
    assert keys.unlock(locked, "Mouse-Tabloid-Lantern-Iguana-Mustard-Unicycle").secret == key.secret
    assert argon2 == [keys.Cost(memory_kib=65536, passes=3)] * 2


def test_the_cheap_cost_of_these_tests_is_not_the_real_one():
    assert keys.COST.memory_kib * keys.COST.passes >= 64 * 1024 * 3


@given(st.sampled_from(["words", "digits"]).map(words.new))
def test_any_new_phrase_unlocks_what_it_locked(phrase):
    key, locked = keys.new_member(phrase, cost=CHEAP)
    opened = keys.unlock(locked, phrase.upper().replace(" ", " - "))
    assert (opened.secret, opened.public) == (key.secret, key.public)


@given(st.text())
def test_wrong_words_never_unlock(typed):
    _, locked = keys.new_member(ROSAS, cost=CHEAP)
    if words.normal(typed) != words.normal(ROSAS):
        with pytest.raises(WrongWords):
            keys.unlock(locked, typed)


def test_bills_words_do_not_unlock_rosas_key():
    _, locked = keys.new_member(ROSAS, cost=CHEAP)
    with pytest.raises(WrongWords):
        keys.unlock(locked, BILLS)


@given(st.integers(min_value=0))
@settings(deadline=None)
def test_a_locked_key_with_any_bit_changed_does_not_open(bit):
    _, locked = keys.new_member(ROSAS, cost=CHEAP)
    with pytest.raises(DoesNotOpen):
        keys.unlock(changed(locked, bit), ROSAS)


def test_a_locked_key_cut_short_or_made_longer_does_not_open():
    _, locked = keys.new_member(ROSAS, cost=CHEAP)
    for wrong in (b"", locked[:1], locked[:-1], locked + b"\0", locked[:90]):
        with pytest.raises(DoesNotOpen):
            keys.unlock(wrong, ROSAS)


@pytest.mark.parametrize(("memory_kib", "passes"), [(0xFFFFFFFF, 3), (65536, 255), (0, 3), (65536, 0)])
def test_a_cost_out_of_bounds_is_never_tried(argon2, memory_kib, passes):
    _, locked = keys.new_member(ROSAS, cost=CHEAP)
    argon2.clear()
    with pytest.raises(DoesNotOpen):
        keys.unlock(locked[:1] + memory_kib.to_bytes(4, "big") + bytes([passes]) + locked[6:], ROSAS)
    assert argon2 == []


def test_a_key_under_new_words_is_the_same_key():
    key, before = keys.new_member(ROSAS, cost=CHEAP)
    after = keys.lock(key, BILLS, cost=CHEAP)
    assert keys.unlock(after, BILLS).secret == key.secret
    with pytest.raises(WrongWords):
        keys.unlock(after, ROSAS)
    assert keys.unlock(before, ROSAS).secret == key.secret


@pytest.mark.parametrize("nothing", ["", " - ", "…"])
def test_a_key_is_not_locked_with_no_words(nothing):
    with pytest.raises(ValueError, match="no words"):
        keys.new_member(nothing, cost=CHEAP)


def test_a_handle_nobody_has_costs_what_a_wrong_phrase_costs(argon2):
    _, locked = keys.new_member(ROSAS)
    argon2.clear()
    with pytest.raises(WrongWords):
        keys.unlock(locked, BILLS)
    known, argon2[:] = argon2.copy(), []
    with pytest.raises(WrongWords):
        keys.pretend(BILLS)
    assert argon2 == known == [keys.COST]


@pytest.mark.usefixtures("cheap")
@pytest.mark.parametrize("typed", [ROSAS, BILLS, "", "x" * 10_000])
def test_pretending_never_unlocks_anything(typed):
    with pytest.raises(WrongWords):
        keys.pretend(typed)


def test_eight_sign_ins_at_once_succeed_one_argon2_at_a_time(monkeypatch):
    key, locked = keys.new_member(ROSAS)
    at_once: list[int] = []
    running = 0
    real = keys.Argon2id

    class Watched:
        def __init__(self, **arguments: int) -> None:
            self._argon2 = real(**arguments)

        def derive(self, material: bytes) -> bytes:
            nonlocal running
            running += 1
            at_once.append(running)
            try:
                return self._argon2.derive(material)
            finally:
                running -= 1

    monkeypatch.setattr(keys, "Argon2id", Watched)
    opened: list[bytes] = []
    threads = [
        threading.Thread(target=lambda number=number: opened.append(unlocking(number).secret)) for number in range(8)
    ]

    def unlocking(number: int) -> PrivateKey:
        return keys.unlock(locked, ROSAS, known=number if number % 2 else None)

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert opened == [key.secret] * 8
    assert at_once == [1] * 8


# The gate


def through(gate: Gate, *who: str) -> list[str]:
    """The order in which they go, having come in this order while the gate was taken; "k…" are known browsers."""
    went: list[str] = []
    refused: list[str] = []

    def go(name: str) -> None:
        try:
            with gate.turn(known=name.partition(" ")[0] if name.startswith("k") else None):
                went.append(name)
        except Crowded:
            refused.append(name)

    threads = [threading.Thread(target=go, args=(name,)) for name in who]
    with gate.turn():
        for number, thread in enumerate(threads, 1):
            thread.start()
            until(lambda number=number: len(gate._known) + len(gate._others) + len(refused) == number)
    for thread in threads:
        thread.join(timeout=10)
    return went


def until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        time.sleep(0.005)
    raise AssertionError("it never came true")


@pytest.fixture
def last(monkeypatch):
    """Chance has each stranger stand in last, and leaves them out of a line that is full."""
    monkeypatch.setattr(queue.secrets, "randbelow", lambda places: places - 1)


def test_known_browsers_go_first_each_in_the_order_they_came(last):
    assert through(Gate(), "o1", "o2", "k1", "o3", "k2") == ["k1", "k2", "o1", "o2", "o3"]


def test_but_others_get_a_turn_after_four_of_them(last):
    known = [f"k{number}" for number in range(1, 7)]
    went = through(Gate(), "o1", *known, "o2")
    assert went == [*known[:4], "o1", *known[4:], "o2"]


def test_each_sort_has_places_of_its_own_and_one_browser_has_two_of_them():
    strangers, known = [f"o{number}" for number in range(1, 40)], [f"k{number}" for number in range(1, 12)]
    for crowd in (through(Gate(), *strangers, *known), through(Gate(), *known, *strangers)):
        assert sum(name.startswith("o") for name in crowd) == Gate.OTHERS - 1, "one was inside"
        assert sum(name.startswith("k") for name in crowd) == Gate.KNOWN
    assert through(Gate(), "k1 a", "k1 b", "k1 c", "k2") == ["k1 a", "k1 b", "k2"]


def test_who_of_the_strangers_has_a_place_in_a_full_line_is_chance(monkeypatch):
    monkeypatch.setattr(queue.secrets, "randbelow", lambda places: 0)
    went = through(Gate(), *(f"o{number}" for number in range(1, 12)))
    assert went == ["o11", "o6", "o5", "o4", "o3", "o2", "o1"], "who came last came for one who waited"
    monkeypatch.undo()
    served = collections.Counter[str]()
    for _ in range(15):
        served.update(through(Gate(), *(f"o{number}" for number in range(12))))
    assert len(served) == 12, "each of them is served sometimes"


def test_who_has_their_turn_does_not_wait_for_it_again():
    gate = Gate()
    with gate.turn(known=1), gate.turn():
        pass
    assert through(gate, "o1") == ["o1"]


def test_a_stumble_inside_leaves_the_gate_open():
    gate = Gate()
    with pytest.raises(MemoryError), gate.turn(known=1):
        raise MemoryError
    assert through(gate, "o1", "k1") == ["k1", "o1"]


def test_who_gives_up_waiting_leaves_the_queue(monkeypatch):
    gate = Gate()

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(gate._changed, "wait_for", interrupted)
        with pytest.raises(KeyboardInterrupt), gate.turn(known=1):
            raise AssertionError("it was never their turn")
    assert through(gate, "o1") == ["o1"]


# Sealed to a person


def test_hpke_is_that_of_the_standard():
    """RFC 9180's vector for P-256, HKDF-SHA256, AES-256-GCM, base mode (from the file of vectors beside the RFC)."""
    private = PrivateKey(bytes.fromhex("317f915db7bc629c48fe765587897e01e282d3e8445f79f27f65d031a88082b2"))
    assert private.public.hex() == (
        "04abc7e49a4c6b3566d77d0304addc6ed0e98512ffccf505e6a8e3eb25c685136f"
        "853148544876de76c0f2ef99cdc3a05ccf5ded7860c7c021238f9e2073d2356c"
    )
    enc = bytes.fromhex(
        "04c06b4f6bebc7bb495cb797ab753f911aff80aefb86fd8b6fcc35525f3ab5f03e"
        "0b21bd31a86c6048af3cb2d98e0d3bf01da5cc4c39ff5370d331a4f1f7d5a4e0"
    )
    aead = AESGCM(bytes.fromhex("ee16802a936d5f544771131900ee6973d0551de9e852ece2ef34bf0d5f9e1d1d"))
    nonce = bytes.fromhex("9bc50980832a7b4b58c40161")
    plaintext, info = b"Beauty is truth, truth beauty", b"Ode on a Grecian Urn"
    assert aead.encrypt(nonce, plaintext, b"Count-0").hex() == (  # the vector's own; we use no additional data here
        "58c61a45059d0c5704560e9d88b564a8b63f1364b8d1fcb3c4c6ddc1d291742465e902cd216f8908da49f8f96f"
    )
    assert keys.open_with(private, b"\x01" + enc + aead.encrypt(nonce, plaintext, None), info) == plaintext


def test_argon2_is_that_of_the_standard():
    """RFC 9106, 5.3."""
    argon2 = keys.Argon2id(
        salt=b"\2" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\4" * 12, secret=b"\3" * 8
    )
    expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    assert argon2.derive(b"\1" * 32).hex() == expected


ROSA, BILL, STRANGER = PrivateKey(), PrivateKey(), PrivateKey()


@given(st.binary(), st.binary())
def test_what_is_sealed_to_rosa_opens_for_rosa(secret, about):
    assert keys.open_with(ROSA, keys.seal_to(ROSA.public, secret, about), about) == secret


@given(st.binary(), st.binary(), st.binary())
def test_it_opens_for_nobody_else_and_about_nothing_else(secret, about, other):
    sealed = keys.seal_to(ROSA.public, secret, about)
    with pytest.raises(DoesNotOpen):
        keys.open_with(STRANGER, sealed, about)
    if other != about:
        with pytest.raises(DoesNotOpen):
            keys.open_with(ROSA, sealed, other)


@given(st.integers(min_value=0))
def test_with_any_bit_changed_it_opens_for_nobody(bit):
    sealed = keys.seal_to(ROSA.public, b"the key of the Depot", b"Depot")
    with pytest.raises(DoesNotOpen):
        keys.open_with(ROSA, changed(sealed, bit), b"Depot")


@given(st.binary(max_size=200))
def test_any_bytes_do_not_open(anything):
    for attempt in (
        lambda: keys.open_with(ROSA, b"\1" + anything, b""),
        lambda: keys.unwrap(bytes(32), b"\1" + anything, b""),
        lambda: keys.unlock(b"\1" + anything, ROSAS),
    ):
        with pytest.raises(DoesNotOpen):
            attempt()


@pytest.mark.parametrize(
    "wrong",
    [b"", bytes(65), b"\4" + bytes(64), b"\2" + ROSA.public[1:33], ROSA.public + b"\0"],
    ids=["empty", "zeros", "no point", "compressed", "longer"],
)
def test_nothing_is_sealed_to_what_is_no_public_key(wrong):
    with pytest.raises(ValueError):  # noqa: PT011 - the library's own words for a point off the curve
        keys.seal_to(wrong, b"", b"")


def test_a_private_key_survives_being_written_down():
    again = PrivateKey(ROSA.secret)
    assert (again.secret, again.public) == (ROSA.secret, ROSA.public)
    assert len(ROSA.secret) == 32
    assert len(ROSA.public) == 65


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(32), b"\xff" * 32, bytes(33)])
def test_what_is_no_private_key_is_refused(wrong):
    with pytest.raises(ValueError):  # noqa: PT011 - the library's own words for some of them
        PrivateKey(wrong)


def test_a_key_shows_nothing_of_itself():
    shown = repr(ROSA) + str(ROSA)
    assert ROSA.secret.hex() not in shown
    assert repr(ROSA.secret) not in shown


# Wrapped under a secret


@given(st.binary(min_size=16, max_size=64), st.binary(), st.binary())
def test_what_is_wrapped_unwraps(secret, plaintext, about):
    assert keys.unwrap(secret, keys.wrap(secret, plaintext, about), about) == plaintext


@given(st.integers(min_value=0), st.binary(min_size=1))
def test_a_wrap_opens_with_no_other_secret_context_or_bit(bit, other):
    secret = keys.new_secret()
    wrapped = keys.wrap(secret, b"Rosa's key", b"session")
    for attempt in (
        lambda: keys.unwrap(secret, changed(wrapped, bit), b"session"),
        lambda: keys.unwrap(changed(secret, bit), wrapped, b"session"),
        lambda: keys.unwrap(secret, wrapped, b"session" + other),
        lambda: keys.unwrap(keys.digest(secret), wrapped, b"session"),  # what the database knows
    ):
        with pytest.raises(DoesNotOpen):
            attempt()


def test_the_same_wrapped_twice_does_not_look_the_same():
    secret = keys.new_secret()
    assert keys.wrap(secret, b"x", b"") != keys.wrap(secret, b"x", b"")


def test_a_pin_is_not_taken_for_a_secret():
    with pytest.raises(ValueError, match="too short"):
        keys.wrap(b"123456", b"", b"")


def test_secrets_are_new_each_time_and_known_by_their_sha_256():
    assert len({keys.new_secret() for _ in range(100)} | {keys.new_site_key() for _ in range(100)}) == 200
    assert keys.digest(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180


@given(*[st.lists(st.one_of(st.text(), st.binary(), st.uuids()), max_size=4)] * 2)
def test_different_parts_never_make_the_same_context(parts, others):
    written = [[part if isinstance(part, bytes) else str(part).encode() for part in each] for each in (parts, others)]
    assert (keys.context(*parts) == keys.context(*others)) == (written[0] == written[1])


# The keys of the sites that are open


@pytest.fixture
def rosas() -> Keyring:
    """Rosa's keyring: both generations of the Depot's key, and the Mill's."""
    keyring = Keyring()
    for site_id, generation in ((DEPOT, 1), (DEPOT, 2), (MILL, 1)):
        keyring.add(site_id, generation, bytes([site_id.int, generation]) * 16)
    return keyring


PLACE = (DEPOT, "contact", "name", ROW)


def test_a_sealed_field_opens_where_it_was_sealed(rosas):
    sealed = rosas.seal(*PLACE, b"Bill")
    assert rosas.open(*PLACE, sealed) == b"Bill"
    assert b"Bill" not in sealed
    assert sealed != rosas.seal(*PLACE, b"Bill")


@pytest.mark.parametrize(
    "place",
    [
        (MILL, "contact", "name", ROW),
        (DEPOT, "contacts", "name", ROW),
        (DEPOT, "contact", "nickname", ROW),
        (DEPOT, "contact", "name", OTHER_ROW),
        (DEPOT, "contactname", "", ROW),
        (DEPOT, "", "contactname", ROW),
    ],
)
def test_and_in_no_other_place_even_under_the_same_key(rosas, place):
    same_key = Keyring()
    for site_id in (DEPOT, MILL):
        same_key.add(site_id, 2, bytes([DEPOT.int, 2]) * 16)
    sealed = rosas.seal(*PLACE, b"Bill")
    assert same_key.open(*PLACE, sealed) == b"Bill"
    with pytest.raises(DoesNotOpen):
        same_key.open(*place, sealed)


@given(st.integers(min_value=0), st.binary(max_size=100))
def test_a_sealed_field_with_any_bit_changed_does_not_open(bit, plaintext):
    keyring = Keyring()
    for generation in range(4):
        keyring.add(DEPOT, generation, keys.new_site_key())
    sealed = keyring.seal(*PLACE, plaintext)
    assert keyring.open(*PLACE, sealed) == plaintext
    with pytest.raises((DoesNotOpen, LookupError)):
        keyring.open(*PLACE, changed(sealed, bit))


@pytest.mark.parametrize("length", range(0, 45, 4))
def test_a_sealed_field_cut_short_does_not_open(rosas, length):
    with pytest.raises(DoesNotOpen):
        rosas.open(*PLACE, rosas.seal(*PLACE, b"Rosa and Bill")[:length])


def test_a_prefix_of_another_generation_does_not_open(rosas):
    sealed = rosas.seal(*PLACE, b"Bill")
    assert sealed.startswith(keys.prefix(2))
    with pytest.raises(DoesNotOpen):
        rosas.open(*PLACE, keys.prefix(1) + sealed[len(keys.prefix(1)) :])


def test_a_stranger_without_the_sites_key_can_neither_open_nor_seal(rosas):
    sealed, strangers = rosas.seal(*PLACE, b"Bill"), Keyring()
    for attempt in (
        lambda: strangers.open(*PLACE, sealed),
        lambda: strangers.seal(*PLACE, b"Bill"),
        lambda: strangers.generation(DEPOT),
        lambda: strangers.site_key(DEPOT, 1),
        lambda: strangers.field_key(DEPOT, 1),
    ):
        with pytest.raises(LookupError):
            attempt()


def test_who_joined_later_reads_nothing_of_a_generation_they_were_not_given(rosas):
    bills = Keyring()
    bills.add(DEPOT, 1, rosas.site_key(DEPOT, 1))
    with pytest.raises(LookupError):
        bills.open(*PLACE, rosas.seal(*PLACE, b"said after Bill left"))


def test_the_newest_generation_is_the_current_one_in_whatever_order_they_come():
    keyring = Keyring()
    for generation in (2, 3, 1):
        keyring.add(DEPOT, generation, keys.new_site_key())
    assert keyring.generation(DEPOT) == 3
    assert keys.generation_of(keyring.seal(*PLACE, b"")) == 3


def test_each_site_and_each_generation_has_a_field_key_of_its_own(rosas):
    for site_id in (DEPOT, MILL):
        rosas.add(site_id, 7, bytes(32))
    all_of_them = [rosas.field_key(*which) for which in ((DEPOT, 1), (DEPOT, 2), (DEPOT, 7), (MILL, 1), (MILL, 7))]
    assert len(set(all_of_them)) == 5
    assert rosas.field_key(DEPOT, 7) != bytes(32)
    assert rosas.field_key(DEPOT, 1) is rosas.field_key(DEPOT, 1)


def test_one_generation_has_one_key(rosas):
    rosas.add(DEPOT, 1, rosas.site_key(DEPOT, 1))
    with pytest.raises(ValueError, match="one key"):
        rosas.add(DEPOT, 1, keys.new_site_key())


@pytest.mark.parametrize(("generation", "key"), [(1, b""), (1, bytes(31)), (-1, bytes(32)), (1 << 32, bytes(32))])
def test_what_is_no_key_of_a_site_is_refused(generation, key):
    with pytest.raises(ValueError, match="no key of a site"):
        Keyring().add(DEPOT, generation, key)


def test_resealing_brings_a_value_to_the_current_generation_and_leaves_what_is_there(rosas):
    before = Keyring()
    before.add(DEPOT, 1, rosas.site_key(DEPOT, 1))
    old = before.seal(*PLACE, b"Bill")
    new = rosas.reseal(*PLACE, old)
    assert (keys.generation_of(old), keys.generation_of(new)) == (1, 2)
    assert rosas.open(*PLACE, new) == b"Bill"
    assert rosas.reseal(*PLACE, new) == new
    with pytest.raises(LookupError):
        before.open(*PLACE, new)


@pytest.mark.parametrize("wrong", [b"", b"\0" * 40, b"\2" + bytes(40), b"\1\0\0\0"])
def test_what_is_no_sealed_field_has_no_generation(wrong):
    with pytest.raises(DoesNotOpen):
        keys.generation_of(wrong)


def test_a_keyring_is_open_only_as_long_as_it_is_wanted(rosas):
    with pytest.raises(LookupError):
        keys.current.get()
    with keys.opened(rosas) as keyring:
        assert keys.current.get() is keyring is rosas
    with pytest.raises(ZeroDivisionError), keys.opened(rosas):
        raise ZeroDivisionError
    with pytest.raises(LookupError):
        keys.current.get()


def test_another_thread_does_not_see_an_open_keyring(rosas):
    seen: list[object] = []
    with keys.opened(rosas):
        thread = threading.Thread(target=lambda: seen.append(keys.current.get(None)))
        thread.start()
        thread.join()
    assert seen == [None]


@pytest.fixture(autouse=True)
def nobodys_keyring_is_left_open() -> Iterator[None]:
    yield
    assert keys.current.get(None) is None
