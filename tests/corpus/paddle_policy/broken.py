# Policy network for a small "catch the ball" game, after Karpathy's Pong post.
# Play a batch of games, remember (board, move), center + scale the final scores,
# push the moves of the good games up and those of the bad games down.
import numpy as np
import tensorflow as tf

ROWS, COLS = 7, 7
MOVES = np.array([-1, 0, 1])          # left / stay / right
GAMES_PER_BATCH = 64
BATCHES = 160

rng = np.random.default_rng(11)
tf.random.set_seed(11)


def draw_boards(ball_row, ball_col, paddle):
    """(n,) positions -> (n, ROWS*COLS) boards, ball = 1, paddle = -1 on the last row"""
    n = len(ball_col)
    boards = np.zeros((n, ROWS, COLS), np.float32)
    boards[np.arange(n), ball_row, ball_col] = 1.0
    boards[np.arange(n), ROWS - 1, paddle] = -1.0
    return boards.reshape(n, -1)


net = tf.keras.Sequential([
    tf.keras.layers.Input((ROWS * COLS,)),
    tf.keras.layers.Dense(64, activation="relu"),
    tf.keras.layers.Dense(len(MOVES), activation="softmax"),
])
optimizer = tf.keras.optimizers.Adam(0.005)


@tf.function
def policy(boards):
    return net(boards)


def play(n_games, greedy=False):
    ball = rng.integers(0, COLS, n_games)
    wind = rng.choice([0, 0, 1, -1], n_games)       # some balls drift sideways once
    paddle = np.full(n_games, COLS // 2)
    boards, moves = [], []
    for row in range(ROWS - 1):
        if row == 2:
            ball = np.clip(ball + wind, 0, COLS - 1)
        board = draw_boards(row, ball, paddle)
        p = policy(board).numpy()
        if greedy:
            move = p.argmax(1)
        else:
            move = (p.cumsum(1) > rng.random((n_games, 1))).argmax(1)
        boards.append(board)
        moves.append(move)
        paddle = np.clip(paddle + MOVES[move], 0, COLS - 1)
    scores = np.where(paddle == ball, 1.0, -0.3 * np.abs(paddle - ball))
    caught = (paddle == ball).mean()
    return np.stack(boards, 1), np.stack(moves, 1), scores, caught


@tf.function
def update(boards, actions, rewards):
    with tf.GradientTape() as tape:
        net_output = net(boards, training=True)
        loss = tf.reduce_sum((actions - net_output) * rewards[:, None]) / GAMES_PER_BATCH  # expect: loss-wrong
    grads = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(grads, net.trainable_variables))
    return loss


history = []
for batch in range(1, BATCHES + 1):
    boards, moves, scores, caught = play(GAMES_PER_BATCH)
    history.append(caught)

    # every move of a game gets the (centered) final score of that game
    advantage = (scores - scores.mean()) / (scores.std() + 1e-6)
    rewards = np.repeat(advantage, ROWS - 1).astype(np.float32)
    actions = np.eye(len(MOVES), dtype=np.float32)[moves.reshape(-1)]

    loss = update(tf.constant(boards.reshape(-1, ROWS * COLS)),
                  tf.constant(actions),
                  tf.constant(rewards))
    if batch % 20 == 0:
        print(f"batch {batch:4d}  loss {float(loss):9.5f}  caught (last 20) {np.mean(history[-20:]):.2f}")

_, _, scores, caught = play(500, greedy=True)
print(f"greedy policy over 500 games: caught {caught:.3f}, mean score {scores.mean():.3f}")
