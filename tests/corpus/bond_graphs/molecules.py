import numpy as np

ATOMS = "CNOFS"


def random_molecule(rng):
    n = rng.integers(6, 13)
    atoms = rng.choice(len(ATOMS), n, p=[0.4, 0.2, 0.2, 0.1, 0.1])
    bonds = [(i, int(rng.integers(max(0, i - 3), i))) for i in range(1, n)]
    polar = sum({ATOMS[atoms[a]], ATOMS[atoms[b]]} in ({"C", "O"}, {"C", "N"}) for a, b in bonds)
    repel = sum({ATOMS[atoms[a]], ATOMS[atoms[b]]} in ({"N", "O"}, {"O", "F"}, {"O"}) for a, b in bonds)
    return atoms, bonds, 0.5 * polar - 1.0 * repel + rng.normal(0, 0.1)


def collate(mols):
    atoms, src, dst, graph, shift = [], [], [], [], 0
    for g, (a, bonds, _) in enumerate(mols):
        atoms.extend(a)
        graph.extend([g] * len(a))
        for i, j in bonds:
            src += [i + shift, j + shift]
            dst += [j + shift, i + shift]
        shift += len(a)
    pack = lambda v: np.asarray(v, np.int32)
    x = {"atoms": pack(atoms), "src": pack(src), "dst": pack(dst),
         "graph": pack(graph), "n": np.int32(len(mols))}
    return x, np.asarray([m[2] for m in mols], np.float32)
