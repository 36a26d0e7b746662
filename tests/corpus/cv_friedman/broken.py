import os
os.environ.setdefault('PYTHONHASHSEED', '0')

import numpy as np
from sklearn.datasets import make_friedman1
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import RepeatedKFold

import tensorflow as tf
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Input

tf.keras.utils.set_random_seed( 2 )

X , y = make_friedman1( n_samples = 600 , n_features = 10 , noise = 2.0 , random_state = 2 )
X = ( X - X.mean( axis = 0 ) ) / X.std( axis = 0 )
y = ( y - y.mean() ) / y.std()


def get_model( n_nodes_hidden_layer , n_inputs , n_outputs ) :

   model = Sequential()
   model.add( Input( shape = ( n_inputs , ) ) )
   model.add( Dense( n_nodes_hidden_layer , kernel_initializer = 'he_uniform' , activation = 'relu' ) )
   model.add( Dense( n_nodes_hidden_layer , kernel_initializer = 'he_uniform' , activation = 'relu' ) )
   model.add( Dense( n_outputs ) )
   model.compile( loss = 'mae' , optimizer = tf.keras.optimizers.Adam( 0.002 ) )

   return model


def evaluate_model( X , y , n_splits = 5 , epochs = 7 ) :

   results = list()
   cv = RepeatedKFold( n_splits = n_splits , n_repeats = 1 , random_state = 999 )

   model = get_model( 96 , 10 , 1 )  # expect: leakage

   for k , ( train_ix , test_ix ) in enumerate( cv.split( X ) ) :  # expect-or: leakage
     X_train, X_test = X[ train_ix ] , X[ test_ix ]
     y_train, y_test = y[ train_ix ] , y[ test_ix ]

     model.fit( X_train , y_train , epochs = epochs , batch_size = 16 , verbose = 0 ,  # expect-or: leakage
                validation_data = ( X_test , y_test ) )

     y_test_pred = model( X_test , training = False ).numpy()
     mae = mean_absolute_error( y_test , y_test_pred )
     results.append( mae )

     print( f'fold {k} mae : {mae:.3f}' )

   return results


if __name__ == '__main__' :

   results = evaluate_model( X , y )
   print( f'mean cross-validated mae : {np.mean( results ):.3f} +- {np.std( results ):.3f}' )
   print( f'mae of the mean prediction : {np.mean( np.abs( y - np.median( y ) ) ):.3f}' )
