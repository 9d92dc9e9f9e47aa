import { setTimeout as pause } from 'node:timers/promises'
import { Body, Controller, Get, Post, Sse } from '@nestjs/common'
import { interval, map, type Observable, take } from 'rxjs'
import { AppService } from './app.service.js'

@Controller()
export class AppController {
  constructor(private readonly appService: AppService) {}

  @Get()
  getHello(): string {
    return this.appService.getHello()
  }

  @Post('echo')
  echo(@Body() body: unknown): unknown {
    return body
  }

  @Get('slow')
  async getSlow(): Promise<string> {
    console.log('slow request')
    await pause(700)
    return 'done'
  }

  @Sse('events')
  events(): Observable<{ data: string }> {
    return interval(150).pipe(
      take(3),
      map((count) => ({ data: String(count) })),
    )
  }
}
