#include "fanlight/app/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace fanlight::app {

namespace p = prometheus;

namespace {

constexpr double seconds_buckets[] = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120};

p::Family<p::Counter>& counter(p::Registry& registry, const char* name, const char* help) {
  return p::BuildCounter().Name(name).Help(help).Register(registry);
}

}  // namespace

struct Metrics::State {
  p::Registry registry;
  p::Family<p::Counter>& deliveries =
      counter(registry, "fanlight_deliveries_total", "Webhook deliveries by host and outcome.");
  p::Family<p::Counter>& jobs =
      counter(registry, "fanlight_jobs_total", "Jobs that ended, by kind and outcome.");
  p::Family<p::Counter>& verdicts = counter(registry, "fanlight_verdicts_total", "Reviews by verdict.");
  p::Family<p::Counter>& actions =
      counter(registry, "fanlight_actions_total", "Things done on a host, by kind and outcome.");
  p::Family<p::Counter>& commands =
      counter(registry, "fanlight_commands_total", "Chat-ops commands by word.");
  p::Family<p::Histogram>& seconds = p::BuildHistogram()
                                         .Name("fanlight_job_seconds")
                                         .Help("Time from lease to end of a job.")
                                         .Register(registry);
  p::Family<p::Gauge>& queue =
      p::BuildGauge().Name("fanlight_jobs").Help("Jobs in the queue by state.").Register(registry);
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::delivery(std::string_view host, std::string_view outcome) {
  state_->deliveries.Add({{"host", std::string(host)}, {"outcome", std::string(outcome)}}).Increment();
}

void Metrics::job(std::string_view kind, std::string_view outcome, std::chrono::milliseconds took) {
  state_->jobs.Add({{"kind", std::string(kind)}, {"outcome", std::string(outcome)}}).Increment();
  const p::Histogram::BucketBoundaries buckets(std::begin(seconds_buckets), std::end(seconds_buckets));
  state_->seconds.Add({{"kind", std::string(kind)}}, buckets)
      .Observe(static_cast<double>(took.count()) / 1000);
}

void Metrics::verdict(std::string_view verdict) {
  state_->verdicts.Add({{"verdict", std::string(verdict)}}).Increment();
}

void Metrics::action(std::string_view what, bool ok) {
  state_->actions.Add({{"action", std::string(what)}, {"outcome", ok ? "done" : "failed"}}).Increment();
}

void Metrics::command(std::string_view word) {
  state_->commands.Add({{"command", std::string(word)}}).Increment();
}

std::string Metrics::text(const store::QueueStats& queue) const {
  state_->queue.Add({{"state", "waiting"}}).Set(static_cast<double>(queue.waiting));
  state_->queue.Add({{"state", "leased"}}).Set(static_cast<double>(queue.leased));
  state_->queue.Add({{"state", "parked"}}).Set(static_cast<double>(queue.parked));
  return p::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace fanlight::app
