import tensorflow as tf

DAYS, CAP = 21, 20
ORDERS = tf.constant([0, 2, 4, 6, 8, 11], tf.float32)
PRICE, COST, HOLD, MISSED = 4.0, 2.0, 0.25, 1.5
WEEK = tf.constant([3.0, 3.0, 4.0, 4.5, 6.0, 8.0, 1.5])


def observe(stock, day):
    phase = 2.0 * 3.14159265 * tf.cast(day, tf.float32) / 7.0
    same = tf.ones_like(stock)
    tomorrow = tf.gather(WEEK, day % 7)
    return tf.stack([stock / CAP, (stock / CAP) ** 2, tf.sin(phase) * same, tf.cos(phase) * same,
                     tomorrow / 8.0 * same], axis=1)


def trade(stock, action, day):
    order = tf.gather(ORDERS, action)
    on_shelf = tf.minimum(stock + order, float(CAP))
    demand = tf.random.poisson(tf.shape(stock), tf.gather(WEEK, day % 7))
    sold = tf.minimum(on_shelf, demand)
    left = on_shelf - sold
    profit = PRICE * sold - COST * order - HOLD * left - MISSED * (demand - sold)
    return left, profit
