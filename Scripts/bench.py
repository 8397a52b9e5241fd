#!/usr/bin/env python3
"""Times cells here and in PyTorch, ONNX Runtime and JAX, in turn, one thread each, and prints the ratios.

Each program is a process that is asked for one measurement at a time (see Tests/Bench/main.swift), so that a slow
moment of the machine meets all alike: in every round each measures the same case, and a case's figure is the median
over the rounds of its medians.
"""
import argparse, math, os, statistics, subprocess, sys, time

SHAPES = [(100, 1, 32, 32), (100, 1, 128, 128), (100, 1, 256, 256), (100, 16, 64, 128), (100, 32, 128, 256),
          (50, 64, 256, 512), (20, 128, 512, 1024), (1000, 1, 64, 64), (784, 32, 1, 128)]
# The file of each cell; two LSTMs are a stack.
CELLS = {"LSTM": "Stdlib/cells/lstm.cell", "GRUAfter": "Stdlib/cells/gru.cell", "RNN": "Stdlib/cells/rnn.cell",
         "Custom": "Tests/Bench/custom.cell", "GRU": "Stdlib/cells/gru.cell", "LEM": "Stdlib/cells/dynamics.cell",
         "minGRU": "Stdlib/cells/light.cell", "MUT1": "Stdlib/cells/gated.cell", "LSTM×2": "Stdlib/cells/lstm.cell"}


def question(cell, mode, shape, seconds, threads):
    """What our program is asked (Tests/Bench/main.swift)."""
    name, _, layers = cell.partition("×")
    return f"{CELLS[cell]} {name} {mode} {' '.join(map(str, shape))} {seconds} {threads} {layers or 1}"


def fits(cell, shape):
    """MUT1 adds tanh(x) to what is as wide as h."""
    return cell != "MUT1" or shape[2] == shape[3]


def measure(call, seconds):
    """Median and smallest microseconds of a call within a budget, and the number of calls."""
    call()
    times, end = [], time.perf_counter() + seconds
    while len(times) < 4 or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times), min(times), len(times)


# ---------------------------------------------------------------- peers: cell, mode, shape -> a call, or None

def torch_peer():
    import torch
    torch.set_num_threads(1)

    def make(cell, mode, T, B, X, H):
        name, _, layers = cell.partition("×")
        kind = {"LSTM": torch.nn.LSTM, "GRUAfter": torch.nn.GRU, "RNN": torch.nn.RNN}.get(name)
        if kind is None:
            return None
        model, x, gradient = kind(X, H, num_layers=int(layers or 1)), torch.randn(T, B, X) * 0.1, torch.randn(T, B, H) * 0.1
        if mode == "forward":
            def call():
                with torch.inference_mode():
                    model(x)
            return call
        x.requires_grad_(True)
        leaves = [x] + list(model.parameters())
        return lambda: torch.autograd.grad(model(x)[0], leaves, gradient)
    return make


def onnx_peer():
    import numpy, onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    def make(cell, mode, T, B, X, H):
        operator, gates = {"LSTM": ("LSTM", 4), "GRUAfter": ("GRU", 3), "RNN": ("RNN", 1)}.get(cell, (None, 0))
        if operator is None or mode != "forward":
            return None
        def random(*shape): return (numpy.random.randn(*shape) * 0.1).astype(numpy.float32)
        weights = [numpy_helper.from_array(random(1, gates * H, X), "W"),
                   numpy_helper.from_array(random(1, gates * H, H), "R"),
                   numpy_helper.from_array(random(1, 2 * gates * H), "Bias")]
        options = {"linear_before_reset": 1} if operator == "GRU" else {}
        node = helper.make_node(operator, ["X", "W", "R", "Bias"], ["Y"], hidden_size=H, **options)
        value = helper.make_tensor_value_info
        graph = helper.make_graph([node], "g", [value("X", TensorProto.FLOAT, [T, B, X])],
                                  [value("Y", TensorProto.FLOAT, [T, 1, B, H])], weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
        model.ir_version = 8
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = settings.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])
        x = random(T, B, X)
        return lambda: session.run(None, {"X": x})
    return make


def jax_peer():
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.sched_setaffinity(0, {0})
    import jax
    import jax.numpy as jnp
    import numpy
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    sigmoid, tanh, scan = jax.nn.sigmoid, jnp.tanh, jax.lax.scan
    gates = {"LSTM": 4, "GRUAfter": 3, "RNN": 1, "Custom": 3, "GRU": 3, "LEM": 4, "minGRU": 2, "MUT1": 2}

    # Gates fused into one product, the projection of the inputs hoisted out of the scan.
    def run(cell, p, x):
        H, B = p["U"].shape[0], x.shape[1]
        projected, zero = x @ p["W"] + p["b"], jnp.zeros((x.shape[1], p["U"].shape[0]), x.dtype)
        if cell == "minGRU":
            # A linear recurrence: as competent users write it, an associative scan; or the plain one, if faster.
            z = sigmoid(projected[..., :H])
            v = z * projected[..., H:]
            if p["associative"] is not None:
                combine = lambda a, b: (a[0] * b[0], b[0] * a[1] + b[1])
                return jax.lax.associative_scan(combine, (1 - z, v))[1]
            def mix(h, a):
                h = a[0] * h + a[1]
                return h, h
            return scan(mix, zero, (1 - z, v))[1]
        def reset_before(h, a):
            g = sigmoid(a[:, :2*H] + h @ p["U"][:, :2*H])
            z, r = g[:, :H], g[:, H:]
            h = h + z * (tanh(a[:, 2*H:] + (r * h) @ p["U"][:, 2*H:]) - h)
            return h, h
        def lem(s, a):
            h, z = s
            g = a[:, :3*H] + h @ p["U"][:, :3*H]
            z = z + sigmoid(g[:, :H]) * (tanh(g[:, 2*H:]) - z)
            h = h + sigmoid(g[:, H:2*H]) * (tanh(a[:, 3*H:] + z @ p["U"][:, 3*H:]) - h)
            return (h, z), h
        def mut1(h, a):
            a, direct = a
            r = sigmoid(a[:, H:] + h @ p["U"][:, :H])
            h = h + sigmoid(a[:, :H]) * (tanh((r * h) @ p["U"][:, H:] + direct) - h)
            return h, h
        def lstm(s, a):
            h, c = s
            g = a + h @ p["U"]
            c = sigmoid(g[:, H:2*H]) * c + sigmoid(g[:, :H]) * tanh(g[:, 2*H:3*H])
            h = sigmoid(g[:, 3*H:]) * tanh(c)
            return (h, c), h
        def gru(h, a):
            g = h @ p["U"] + p["bh"]
            r, z = sigmoid(a[:, :H] + g[:, :H]), sigmoid(a[:, H:2*H] + g[:, H:2*H])
            n = tanh(a[:, 2*H:] + r * g[:, 2*H:])
            h = n + z * (h - n)
            return h, h
        def rnn(h, a):
            h = tanh(a + h @ p["U"])
            return h, h
        def custom(s, a):
            h, c = s
            g = a + h @ p["U"]
            f, o, z = sigmoid(g[:, :H] + p["pf"] * c), sigmoid(g[:, H:2*H] + p["po"] * c), tanh(g[:, 2*H:])
            c = z + f * (c - z)
            h = o * tanh(c)
            return (h, c), h
        step = {"LSTM": lstm, "GRUAfter": gru, "RNN": rnn, "Custom": custom, "GRU": reset_before, "LEM": lem,
                "MUT1": mut1}[cell]
        if cell == "MUT1":
            projected = (projected, tanh(x) + p["bh"])
        return scan(step, (zero, zero) if cell in ("LSTM", "Custom", "LEM") else zero, projected)[1]

    def make(cell, mode, T, B, X, H):
        state = numpy.random.RandomState(0)
        def random(*shape): return jnp.asarray((state.randn(*shape) * 0.1).astype(numpy.float32))
        name, _, layers = cell.partition("×")
        def parameters(X, associative=None):
            k = gates[name] * H
            p = {"W": random(X, k), "U": random(H, k), "b": random(k), "associative": associative}
            if name in ("GRUAfter", "MUT1"):
                p["bh"] = random(k if name == "GRUAfter" else H)
            if name == "Custom":
                p["pf"], p["po"] = random(H), random(H)
            return p
        def stacked(p, x):
            for layer in p:
                x = run(name, layer, x)
            return x
        x, gradient = random(T, B, X), random(T, B, H)
        def call(p):
            if mode == "forward":
                forward = jax.jit(stacked)
                return lambda: forward(p, x).block_until_ready()
            backward = jax.jit(jax.grad(lambda p, x: (stacked(p, x) * gradient).sum(), argnums=(0, 1)))
            return lambda: jax.block_until_ready(backward(p, x))
        p = [parameters(X if layer == 0 else H) for layer in range(int(layers or 1))]
        if name != "minGRU":
            return call(p)
        ways = [call(p), call([dict(p[0], associative=jnp.float32(1))])]
        return min(ways, key=lambda way: measure(way, 0.2)[1])
    return make


PEERS = {"PyTorch": torch_peer, "ONNX Runtime": onnx_peer, "JAX": jax_peer}


def serve(name):
    """Answers measurements on standard input, as the program of our own does."""
    make, key, call = PEERS[name](), None, None
    for line in sys.stdin:
        _, cell, mode, *numbers = line.split()
        shape, seconds = tuple(map(int, numbers[:4])), float(numbers[4])
        if key != (cell, mode, shape):
            key, call = (cell, mode, shape), make(cell, mode, *shape)
        print(*(measure(call, seconds) if call else ("none",)), flush=True)


# ---------------------------------------------------------------- the run

class Process:
    def __init__(self, command):
        environment = dict(os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=environment, stderr=subprocess.DEVNULL)

    def ask(self, question, all=False):
        print(question, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline().split()
        if not answer or answer[0] in ("none", "error:"):
            return None
        return [float(number) for number in answer] if all else (float(answer[0]), float(answer[1]))


# ---------------------------------------------------------------- how cost and memory grow

# Each is varied alone from (100, 16, 64, 128) and one layer. A long sequence is fed on and on, as a net is in a session;
# all of a sequence is held when it is trained on whole, up to a gigabyte.
BASE = {"steps": 100, "batch": 16, "layers": 1}
GROWTH = {"feed": {"steps": [100, 1000, 10_000, 100_000], "batch": [1, 4, 16, 64, 128, 512],
                   "layers": [1, 2, 3, 6, 12]},
          "training": {"steps": [100, 200, 400, 1600, 4000], "batch": [1, 4, 16, 64, 128, 512],
                       "layers": [1, 2, 3, 6, 12]}}


def growth(options):
    """Time and memory of one step of one sequence in one layer, as each of these numbers grows."""
    for mode, cases in GROWTH.items():
        for name, values in cases.items():
            print(f"\n## LSTM, {mode}: {name} grows\n\n| {name} | milliseconds, the shortest | of each, over the first | "
                  "megabytes | of each, over the first |\n|---|---|---|---|---|", flush=True)
            first = None
            for value in values:
                case = dict(BASE, **{name: value})
                ours = Process([options.bench])
                empty = ours.ask(f"{CELLS['LSTM']} LSTM {mode} 1 1 64 128 0.01", all=True)
                answer = ours.ask(f"{CELLS['LSTM']} LSTM {mode} {case['steps']} {case['batch']} 64 128 "
                                  f"{options.seconds} {options.threads} {case['layers']}", all=True)
                ours.process.stdin.close()
                if answer is None or empty is None:
                    print(f"| {value} | failed |", flush=True)
                    continue
                time, memory = answer[1] / 1000, (answer[3] - empty[3]) / 1024
                each = (time / value, memory / value)
                first = first or each
                print(f"| {value} | {time:.2f} | {each[0] / first[0]:.2f} | {memory:.1f} | "
                      f"{each[1] / max(first[1], 1e-9):.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--bench", default=".build/release/Bench", help="our side's program")
    parser.add_argument("--cells", default=",".join(CELLS))
    parser.add_argument("--modes", default="forward,training")
    parser.add_argument("--shapes", help='"steps,batch,x,h;..." (the nine usual ones if left out)')
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1, help="of ours; the peers have one")
    parser.add_argument("--hand", action="store_true", help="beside the loop of Tests/HandFused instead of the peers")
    parser.add_argument("--growth", action="store_true", help="how time and memory grow, without the peers")
    parser.add_argument("--seconds", type=float, default=0.3, help="of one measurement")
    options = parser.parse_args()
    if options.peer:
        return serve(options.peer)
    if options.growth:
        return growth(options)
    shapes = [tuple(map(int, s.split(","))) for s in options.shapes.split(";")] if options.shapes else SHAPES
    ours = Process([options.bench])
    if options.hand:
        peers = {"by hand": Process([".build/hand-fused"])}
    else:
        peers = {name: Process([sys.executable, __file__, "--peer", name]) for name in PEERS}
    for cell in options.cells.split(","):
        for mode in options.modes.split(","):
            print(f"\n## {cell}, {mode}\n\n| steps, batch, x, h | Carousel | " + " | ".join(peers)
                  + " | ratio to the best | spread | undisturbed |\n|" + "---|" * (len(peers) + 5), flush=True)
            ratios, undisturbed = [], []
            for shape in shapes:
                if not fits(cell, shape):
                    continue
                asked = f"- {cell} {mode} {' '.join(map(str, shape))} {options.seconds}"
                own_question = question(cell, mode, shape, options.seconds, options.threads)
                own, others = [], {name: [] for name in peers}
                for _ in range(options.rounds):
                    own.append(ours.ask(own_question))
                    for name, peer in peers.items():
                        others[name].append(peer.ask(asked))
                if None in own:
                    print(f"| {shape} | failed |", flush=True)
                    continue
                others = {name: values for name, values in others.items() if None not in values}
                middles = {name: statistics.median(middle for middle, _ in values) for name, values in others.items()}
                # What a call takes when nobody disturbs it: the smallest time of all rounds.
                smallest = min(least for values in others.values() for _, least in values)
                undisturbed.append(smallest / min(least for _, least in own))
                best = min(middles, key=middles.get)
                each = sorted(peer[0] / mine[0] for peer, mine in zip(others[best], own))
                middle = statistics.median(middle for middle, _ in own)
                ratios.append(middles[best] / middle)
                figures = [f"{middles[name]:.0f}" if name in middles else "–" for name in peers]
                print(f"| {', '.join(map(str, shape))} | {middle:.0f} | {' | '.join(figures)} | "
                      f"{ratios[-1]:.2f} {best} | {each[0]:.2f}–{each[-1]:.2f} | {undisturbed[-1]:.2f} |", flush=True)
            if ratios:
                for name, values in (("medians", ratios), ("smallest times", undisturbed)):
                    mean = math.exp(sum(map(math.log, values)) / len(values))
                    print(f"\nOf {name}: geometric mean {mean:.2f}, least {min(values):.2f}.", flush=True)


main()
