L1, L2 = 0.31, 0.27          # link lengths, m
M1, M2 = 1.9, 1.1            # link masses, kg
G = 9.81
SAMPLES = 2600
HIDDEN = (80, 80)
EPOCHS = 30
BATCH = 32
STEP = 2e-3
