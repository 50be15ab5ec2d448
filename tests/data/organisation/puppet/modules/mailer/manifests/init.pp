class mailer {
  include ntp
  $smarthost = hiera('mailer_smarthost')
  if $::realm == 'production' {
    notify { $smarthost: }
  }
}
