import argparse
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
from sklearn.datasets import make_classification
from sklearn.metrics import classification_report, confusion_matrix, balanced_accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import RobustScaler

parser = argparse.ArgumentParser()
parser.add_argument('--epochs', type=int, default=12)
parser.add_argument('--batch', type=int, default=128)
parser.add_argument('--seed', type=int, default=2018)
args = parser.parse_args()
keras.utils.set_random_seed(args.seed)

# creditcard.csv is 150 MB so here something similar
feat, cls = make_classification(n_samples=6000, n_features=18, n_informative=7, n_redundant=3,
                                weights=[0.96], class_sep=0.8, n_clusters_per_class=2,
                                flip_y=0.0, random_state=args.seed)
df = pd.DataFrame(feat, columns=['V%d' % (i + 1) for i in range(18)])
df['Amount'] = np.random.exponential(80, len(df))
df['Class'] = cls

print(df['Class'].value_counts())
df['scaled_amount'] = RobustScaler().fit_transform(df['Amount'].values.reshape(-1, 1))
df.drop('Amount', axis=1, inplace=True)

X = df.drop('Class', axis=1)
y = df['Class']
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=42, stratify=y)

n_inputs = X_train.shape[1]
clf = keras.Sequential([
    keras.layers.Input((n_inputs,)),
    keras.layers.Dense(n_inputs, activation='relu'),
    keras.layers.Dense(32, activation='relu'),
    keras.layers.Dropout(0.2),
    keras.layers.Dense(1, activation='sigmoid')
])
clf.compile(optimizer=keras.optimizers.Adam(learning_rate=0.001), loss='binary_crossentropy',
            metrics=['accuracy', keras.metrics.Recall(name='recall')])
clf.fit(X_train, y_train, validation_split=0.2, batch_size=args.batch, epochs=args.epochs,
        shuffle=True, verbose=2, class_weight={0: 1, 1: 24})

p = clf.predict(X_test, batch_size=200, verbose=0)
p = (p > 0.5).astype(int)
print(confusion_matrix(y_test, p))
print(classification_report(y_test, p, zero_division=0))
print('balanced accuracy', balanced_accuracy_score(y_test, p))
