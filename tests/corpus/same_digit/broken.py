'''Do two pictures show the same digit? Siamese MLP with a margin loss.'''
import numpy as np
from keras import ops
from keras.layers import Dense, Input, Lambda
from keras.models import Model, Sequential
from keras.optimizers import Adam
from keras.optimizers.schedules import CosineDecay
from keras.regularizers import l2
from keras.utils import set_random_seed
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

set_random_seed(17)


def euclidean_distance(vects):
    x, y = vects
    return ops.sqrt(ops.sum(ops.square(x - y), axis=1, keepdims=True))  # expect: loss-numerics


def margin_loss(y_true, y_pred):
    margin = 1.0
    return ops.mean(y_true * y_pred + (1 - y_true) * ops.maximum(margin - y_pred, 0))


def create_pairs(x, digit, n):
    '''Half of the pairs show one digit (1), the others two different ones (0).'''
    where = [np.flatnonzero(digit == d) for d in range(10)]
    left, right, same = [], [], []
    for k in range(n):
        d = np.random.randint(10)
        e = d if k % 2 else (d + np.random.randint(1, 10)) % 10
        left.append(np.random.choice(where[d]))
        right.append(np.random.choice(where[e]))
        same.append(float(d == e))
    return x[left], x[right], np.array(same, 'float32')[:, None]


def create_base_network(dim):
    seq = Sequential()
    seq.add(Input((dim,)))
    seq.add(Dense(64, activation='relu', kernel_regularizer=l2(1e-3)))
    seq.add(Dense(32, kernel_regularizer=l2(1e-3)))
    return seq


data, digit = load_digits(return_X_y=True)
data = (data / 16).astype('float32')
x_tr, x_te, d_tr, d_te = train_test_split(data, digit, test_size=0.2, random_state=17, stratify=digit)
tr_a, tr_b, tr_y = create_pairs(x_tr, d_tr, 8000)
te_a, te_b, te_y = create_pairs(x_te, d_te, 2000)

base_network = create_base_network(64)
input_a, input_b = Input((64,)), Input((64,))
distance = Lambda(euclidean_distance, output_shape=(1,))([base_network(input_a), base_network(input_b)])
model = Model([input_a, input_b], distance)

model.compile(loss=margin_loss, optimizer=Adam(CosineDecay(0.002, 12 * 8000 // 64)))  # expect-or: loss-numerics
model.fit([tr_a, tr_b], tr_y, batch_size=64, epochs=12, validation_data=([te_a, te_b], te_y), verbose=2)

said = model.predict([te_a, te_b], verbose=0) < 0.5
print('accuracy on the test pairs: %.2f%%' % (100 * np.mean(said == (te_y > 0.5))))
