#!/bin/bash
#SBATCH --job-name=gan
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=4
#SBATCH --cpus-per-task=16
#SBATCH --time=04:00:00
#SBATCH --requeue
# Submit with: sbatch slurm.sh. One task per node uses all GPUs of its node.
# Started again, by you or by Slurm, it goes on from the newest checkpoint.
set -eu
out=$PWD/runs/fashion # on a file system that all nodes see

if [ -f "$out/run.json" ]; then
    set -- --resume
else
    set -- --data fashion_mnist --steps 20000 --batch-size 256
fi
srun --kill-on-bad-exit=1 gan-tutorial train "$@" --out "$out"
