import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tlog_scales.tlog import ConsistencyProof, InclusionProof

from signatures.errors import ProofError
from signatures.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    Node,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_of,
    root_at,
    root_of,
)

# Around every power of two the shape of the tree changes.
EDGES = sorted({0, 1, *(2**power + step for power in range(1, 9) for step in (-1, 0, 1))})
SIZES = st.one_of(st.sampled_from(EDGES), st.integers(0, 300))
LEAVES = [leaf_hash(b"leaf %d" % number) for number in range(301)]


def definition(hashes: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word: the referee for every faster way."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return hashlib.sha256(b"\x01" + definition(hashes[:half]) + definition(hashes[half:])).digest()


def flipped(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "big") ^ (1 << (bit % (8 * len(value))))).to_bytes(len(value), "big")


def test_the_hashes_are_those_of_rfc_6962_test_vectors() -> None:
    # Leaves and roots of the reference implementation of Certificate Transparency.
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    hashes = [leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of(hashes[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of(hashes[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert root_of(hashes).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", EDGES, ids=str)
def test_every_way_to_the_root_gives_the_defined_one(size: int) -> None:
    frontier = Frontier()
    for value in LEAVES[:size]:
        frontier, _ = frontier.append(value)
    expected = definition(LEAVES[:size])
    assert frontier.root() == expected
    assert root_of(LEAVES[:size]) == expected
    assert root_at(nodes_of(LEAVES), size) == expected


def test_an_append_reports_exactly_the_subtrees_that_it_completes() -> None:
    frontier, completed = Frontier(), []
    for value in LEAVES[:9]:
        frontier, nodes = frontier.append(value)
        completed.append([(node.level, node.index) for node in nodes])
    assert completed == [[], [(1, 0)], [], [(1, 1), (2, 0)], [], [(1, 2)], [], [(1, 3), (2, 1), (3, 0)], []]


@given(SIZES)
@settings(deadline=None)
def test_the_completed_subtrees_are_those_of_the_leaves(size: int) -> None:
    node, frontier = nodes_of(LEAVES[:size]), Frontier()
    for value in LEAVES[:size]:
        frontier, completed = frontier.append(value)
        assert all(found == Node(found.level, found.index, node(found.level, found.index)) for found in completed)
    assert Frontier.from_bytes(size, frontier.to_bytes()) == frontier


@given(st.data(), SIZES.filter(bool))
@settings(deadline=None)
def test_every_inclusion_proof_verifies_and_no_changed_one_does(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    root = root_of(LEAVES[:size])
    proof = inclusion_proof(nodes_of(LEAVES[:size]), index, size)
    check_inclusion(LEAVES[index], index=index, size=size, proof=proof, root=root)
    InclusionProof(index, size, list(proof)).check(LEAVES[index], root)

    bit = data.draw(st.integers(0, 255))
    wrong: list[tuple[bytes, int, int, tuple[bytes, ...], bytes]] = [
        (flipped(LEAVES[index], bit), index, size, proof, root),
        (LEAVES[index], index, size, proof, flipped(root, bit)),
        (LEAVES[index], size, size, proof, root),
        (LEAVES[index], index, size, (*proof, LEAVES[0]), root),
    ]
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        changed = (*proof[:place], flipped(proof[place], bit), *proof[place + 1 :])
        wrong += [(LEAVES[index], index, size, changed, root), (LEAVES[index], index, size, proof[:-1], root)]
        wrong += [(LEAVES[index], other, size, proof, root) for other in {index - 1, index + 1} if 0 <= other < size]
    for hash_of_leaf, at_index, at_size, with_proof, to_root in wrong:
        with pytest.raises(ProofError):
            check_inclusion(hash_of_leaf, index=at_index, size=at_size, proof=with_proof, root=to_root)


@given(st.data(), SIZES)
@settings(deadline=None)
def test_every_consistency_proof_verifies_and_no_changed_one_does(data: st.DataObject, new_size: int) -> None:
    old_size = data.draw(st.one_of(st.integers(0, new_size), st.sampled_from([edge for edge in EDGES if edge <= new_size])))
    node = nodes_of(LEAVES[:new_size])
    old_root, new_root = root_at(node, old_size), root_at(node, new_size)
    proof = consistency_proof(node, old_size, new_size)
    check_consistency(proof, old_size=old_size, old_root=old_root, new_size=new_size, new_root=new_root)
    ConsistencyProof(old_size, new_size, list(proof)).check(old_root, new_root)

    bit = data.draw(st.integers(0, 255))
    wrong: list[tuple[tuple[bytes, ...], bytes, bytes]] = [
        (proof, flipped(old_root, bit), new_root),
        ((*proof, LEAVES[0]), old_root, new_root),
    ]
    if old_size:
        wrong.append((proof, old_root, flipped(new_root, bit)))
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        changed = (*proof[:place], flipped(proof[place], bit), *proof[place + 1 :])
        wrong += [(changed, old_root, new_root), (proof[:-1], old_root, new_root), ((), old_root, new_root)]
    for with_proof, from_root, to_root in wrong:
        with pytest.raises(ProofError):
            check_consistency(with_proof, old_size=old_size, old_root=from_root, new_size=new_size, new_root=to_root)


def test_all_proofs_of_all_small_trees_verify() -> None:
    for size in range(34):
        node, root = nodes_of(LEAVES[:size]), root_of(LEAVES[:size])
        for index in range(size):
            check_inclusion(LEAVES[index], index=index, size=size, proof=inclusion_proof(node, index, size), root=root)
        for old_size in range(size + 1):
            proof = consistency_proof(node, old_size, size)
            check_consistency(proof, old_size=old_size, old_root=root_at(node, old_size), new_size=size, new_root=root)


def test_a_rewritten_past_is_not_consistent() -> None:
    rewritten = [*LEAVES[:3], LEAVES[100], *LEAVES[4:10]]
    proof = consistency_proof(nodes_of(rewritten), 6, 10)
    with pytest.raises(ProofError, match="not a continuation"):
        check_consistency(proof, old_size=6, old_root=root_of(LEAVES[:6]), new_size=10, new_root=root_of(rewritten))


@pytest.mark.parametrize(
    ("index", "size"), [(0, 0), (1, 1), (-1, 5), (7, 7)], ids=["empty tree", "one past the end", "negative", "at the end"]
)
def test_a_leaf_that_the_tree_does_not_have_cannot_be_proven(index: int, size: int) -> None:
    with pytest.raises(ProofError, match="has no leaf"):
        inclusion_proof(nodes_of(LEAVES[:size]), index, size)
    with pytest.raises(ProofError, match="has no leaf"):
        check_inclusion(LEAVES[0], index=index, size=size, proof=(), root=EMPTY_ROOT)


@pytest.mark.parametrize(("old_size", "new_size"), [(3, 2), (-1, 2)], ids=["future", "negative"])
def test_a_tree_has_no_past_larger_than_itself(old_size: int, new_size: int) -> None:
    with pytest.raises(ProofError, match="has no past"):
        consistency_proof(nodes_of(LEAVES[:2]), old_size, new_size)
    with pytest.raises(ProofError, match="has no past"):
        check_consistency((), old_size=old_size, old_root=EMPTY_ROOT, new_size=new_size, new_root=EMPTY_ROOT)


def test_a_proof_of_hashes_of_another_length_is_refused() -> None:
    with pytest.raises(ProofError, match="32 bytes"):
        check_inclusion(LEAVES[0], index=0, size=2, proof=(LEAVES[1][:31],), root=root_of(LEAVES[:2]))


def test_a_proof_longer_than_any_tree_is_refused() -> None:
    with pytest.raises(ProofError, match="at most 63"):
        check_inclusion(LEAVES[0], index=0, size=2, proof=(LEAVES[1],) * 64, root=root_of(LEAVES[:2]))


def test_an_inner_node_cannot_pass_for_a_leaf() -> None:
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


@pytest.mark.parametrize("stored", [b"", bytes(31), bytes(96)], ids=["none", "cut off", "one too many"])
def test_a_frontier_of_another_size_is_refused(stored: bytes) -> None:
    with pytest.raises(ProofError, match="frontier"):
        Frontier.from_bytes(3, stored)


def test_a_tree_cannot_be_given_out_as_a_larger_one_with_the_same_root() -> None:
    proof = consistency_proof(nodes_of(LEAVES[:2]), 1, 2)
    with pytest.raises(ProofError, match="not a continuation"):
        check_consistency(proof, old_size=1, old_root=LEAVES[0], new_size=4, new_root=root_of(LEAVES[:2]))
