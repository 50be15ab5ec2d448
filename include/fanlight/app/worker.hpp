// Jobs: lease, fetch, scan, evaluate, plan, publish, complete. worker.cpp reads like that list.
#pragma once

#include "fanlight/app/services.hpp"

namespace fanlight::app {

// Leases and does jobs, `config.workers` at once, until `services.stopping`; jobs in hand are finished, or
// given back when that takes too long.
Task<> work(Services& services);

// One job that was leased, up to its end in the store (completed, given back for a retry, or parked). Returns
// what became of it; an Error when the store itself failed, after which the lease runs out and the job is
// taken again.
enum class JobEnd { done, retried, parked, superseded };
Task<Result<JobEnd>> do_job(Services& services, store::Job job);

// When to try again after the n-th failed attempt (n ≥ 1): 5 s × 3^(n-1), at most 10 minutes, at least
// Retry-After.
std::chrono::milliseconds retry_delay(std::uint32_t attempts, const Error& error);

}  // namespace fanlight::app
